import { z } from "zod";

import type { ModelBuildPipelineArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { matches } from "../../local/services/eventbridge/matches";
import { transformed } from "../../local/services/eventbridge/transformed";
import { record } from "./mocks";

const ruleShape = z.object({ eventPattern: z.string() });
const targetShape = z.object({
  inputTransformer: z.object({
    inputPaths: z.record(z.string(), z.string()),
    inputTemplate: z.string(),
  }),
});

/** An EventBridge rule of the project, as the program renders it. */
export interface RenderedRule {
  /** `push`, `approval`, `staging-failed`, or the name of the notification. */
  readonly kind: string;
  readonly pattern: unknown;
  readonly takes: (event: unknown) => boolean;
  /** Input of the rule's target for an event. */
  readonly input: (event: unknown) => string;
}

/** Every EventBridge rule of both components of `churn` (`dev`), rendered with these settings. */
export async function renderedRules(
  args: Partial<ModelBuildPipelineArgs> = {},
): Promise<readonly RenderedRule[]> {
  const churn = { projectName: "churn", projectId: "dev" };
  const recording = await record(() => {
    const modelBuild = new ModelBuildPipeline("build", { ...churn, ...args, deployment: true });
    new ModelDeployPipeline("deploy", { ...churn, modelBuild });
  });
  const rules = recording.resources.filter(({ type }) => type.endsWith(":EventRule"));
  return rules.map(({ inputs, name }) => {
    const pattern: unknown = JSON.parse(ruleShape.parse(inputs).eventPattern);
    const target = recording.inputsOf("cloudwatch/EventTarget", name);
    const { inputTransformer } = targetShape.parse(target);
    return {
      kind: name
        .replace(/^(build|deploy)-/, "")
        .replace(/^(push|approval|staging-failed)-rule$/, "$1"),
      pattern,
      takes: (event) => matches(pattern, event),
      input: (event) => transformed(inputTransformer, event),
    };
  });
}

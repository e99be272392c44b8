import { z } from "zod";

import type { ModelBuildPipelineArgs } from "../../components/args";
import { ModelBuildPipeline } from "../../components/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeployPipeline";
import { matches } from "../../local/rehearsal/events/matches";
import { transformed } from "../../local/rehearsal/events/transformed";
import { record } from "./mocks";

const ruleShape = z.object({ eventPattern: z.string() });
const targetShape = z.object({
  inputTransformer: z.object({
    inputPaths: z.record(z.string(), z.string()),
    inputTemplate: z.string(),
  }),
});

/** A rule of the project as the program renders it. */
export interface RenderedRule {
  /** `push`, `approval`, or what the message is called. */
  readonly kind: string;
  readonly takes: (event: unknown) => boolean;
  /** What the rule's target receives of an event. */
  readonly input: (event: unknown) => string;
}

/** Every rule of the project `churn` (`dev`), of both its components, as the program renders it with these settings. */
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
      kind: name.replace(/^(build|deploy)-on-/, ""),
      takes: (event) => matches(pattern, event),
      input: (event) => transformed(inputTransformer, event),
    };
  });
}

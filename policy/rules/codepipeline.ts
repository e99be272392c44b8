import { z } from "zod";

import type { ResourceRule } from "../rule";

const stagesShape = z
  .array(
    z.object({
      actions: z
        .array(
          z.object({
            name: z.unknown().optional(),
            provider: z.unknown().optional(),
            configuration: z.record(z.string(), z.unknown()).or(z.symbol()).default({}),
          }),
        )
        .catch([]),
    }),
  )
  .catch([]);

const actionsOf = (stages: unknown) => stagesShape.parse(stages).flatMap(({ actions }) => actions);

/**
 * CodePipeline: type V2.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html
 */
export const codepipelineTypeV2: ResourceRule = {
  name: "codepipeline-type-v2",
  description:
    "A CodePipeline has type V2, with pricing per minute, variables and execution modes.",
  controls: { none: "No control checks the type of a pipeline." },
  types: ["aws:codepipeline/pipeline:Pipeline"],
  inputs: ["pipelineType"],
  problems: ({ props: { pipelineType = "V1" } }) =>
    pipelineType === "V1" ? ['The pipeline has type V1. Set pipelineType to "V2".'] : [],
};

/**
 * CodePipeline action: no pipeline variable in the environment variables of a build. CodePipeline
 * replaces the variable in the JSON text without escaping it. A value with a quotation mark
 * therefore adds environment variables, and some of them run code, for example NODE_OPTIONS.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
 */
export const codepipelineNoVariablesInEnvironment: ResourceRule = {
  name: "codepipeline-no-variables-in-environment",
  description:
    "A CodePipeline action passes no pipeline variable in the environment variables of a build.",
  controls: { none: "No control checks the variables of a pipeline." },
  types: ["aws:codepipeline/pipeline:Pipeline"],
  inputs: ["stages"],
  problems: ({ props }) =>
    actionsOf(props.stages).flatMap(({ configuration, name }) =>
      variablesIn(configuration).map(
        (variable) =>
          `Action ${String(name)} passes ${variable} in EnvironmentVariables. CodePipeline does not ` +
          "escape its value, so the starter of an execution can add environment variables and run " +
          "code in the build. Pass #{codepipeline.PipelineExecutionId}, and read the variable in " +
          "the build with GetPipelineExecution.",
      ),
    ),
};

/** CodeCommit source action: EventBridge starts the pipeline, not polling. */
export const codepipelineNoPolling: ResourceRule = {
  name: "codepipeline-no-polling",
  description: "A CodeCommit source action does not poll its repository.",
  controls: { none: "No control checks how a pipeline starts." },
  types: ["aws:codepipeline/pipeline:Pipeline"],
  inputs: ["stages"],
  problems: ({ props }) =>
    actionsOf(props.stages)
      .filter(({ provider }) => provider === "CodeCommit")
      .filter(({ configuration }) => isPolling(configuration))
      .map(
        ({ name }) =>
          `Action ${String(name)} polls its repository. Set PollForSourceChanges to "false", and ` +
          "start the pipeline with an EventBridge rule for pushes.",
      ),
};

// The default of PollForSourceChanges is true.
function isPolling(configuration: Record<string, unknown> | symbol): boolean {
  return (
    typeof configuration !== "symbol" &&
    [undefined, "true", true].some((value) => value === configuration.PollForSourceChanges)
  );
}

function variablesIn(configuration: Record<string, unknown> | symbol): string[] {
  const variables = typeof configuration === "symbol" ? "" : configuration.EnvironmentVariables;
  return typeof variables === "string" ? (variables.match(/#\{variables\.[^}]*\}/g) ?? []) : [];
}

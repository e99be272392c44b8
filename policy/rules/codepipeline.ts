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

/**
 * CodePipeline: type V2.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html
 */
export const codepipelineTypeV2: ResourceRule = {
  name: "codepipeline-type-v2",
  description:
    "A CodePipeline has type V2, with pricing per minute, variables and execution modes.",
  types: ["aws:codepipeline/pipeline:Pipeline"],
  inputs: ["pipelineType"],
  problems: ({ props: { pipelineType = "V1" } }) =>
    pipelineType === "V1" ? ['The pipeline has type V1. Set pipelineType to "V2".'] : [],
};

/** CodeCommit source action: EventBridge starts the pipeline, not polling. */
export const codepipelineNoPolling: ResourceRule = {
  name: "codepipeline-no-polling",
  description: "A CodeCommit source action does not poll its repository.",
  types: ["aws:codepipeline/pipeline:Pipeline"],
  inputs: ["stages"],
  problems: ({ props }) =>
    stagesShape
      .parse(props.stages)
      .flatMap(({ actions }) => actions)
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

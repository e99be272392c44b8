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

/** A CodePipeline is of type V2. */
export const pipelineV2: ResourceRule = {
  name: "pipelines-are-v2",
  description:
    "A CodePipeline is of type V2: paid by the minute, with variables and execution modes.",
  types: ["aws:codepipeline/pipeline:Pipeline"],
  reads: ["pipelineType"],
  problems: ({ props: { pipelineType = "V1" } }) =>
    pipelineType === "V1" ? ['The pipeline is of type V1. Set pipelineType to "V2".'] : [],
};

/** A push starts the pipeline by an event, not by asking every minute. */
export const noPolling: ResourceRule = {
  name: "sources-are-not-polled",
  description: "A CodeCommit source does not poll: an event starts the pipeline.",
  types: ["aws:codepipeline/pipeline:Pipeline"],
  reads: ["stages"],
  problems: ({ props }) =>
    stagesShape
      .parse(props.stages)
      .flatMap(({ actions }) => actions)
      .filter(({ provider }) => provider === "CodeCommit")
      .filter(({ configuration }) => polls(configuration))
      .map(
        ({ name }) =>
          `Action ${String(name)} polls its repository. Set PollForSourceChanges to "false", and start the pipeline by an EventBridge rule on the push.`,
      ),
};

// Left out, CodePipeline polls.
function polls(configuration: Record<string, unknown> | symbol): boolean {
  return (
    typeof configuration !== "symbol" &&
    [undefined, "true", true].some((it) => it === configuration.PollForSourceChanges)
  );
}

import type { DeployedSource } from "../deployedSource";
import type { StackOutputs } from "../openTestEnvironment";

/** What a reader must know of an end-to-end run before its steps: what was run, where, and how much of it. */
export function factsOf(
  outputs: StackOutputs,
  source: DeployedSource,
  { full, started }: { readonly full: boolean; readonly started: Date },
): (readonly [string, string])[] {
  const [, , , region = "", accountId = ""] = outputs.modelBuildPipelineArn.split(":");
  const seconds = (Date.now() - started.getTime()) / 1000;
  const { branchName, provider, repositoryName } = source;
  return [
    [
      "Environment",
      `local cloud: emulated account ${accountId}, region ${region}; nothing runs on AWS`,
    ],
    ["CodePipeline", outputs.modelBuildPipelineName],
    ["Model package group", outputs.modelPackageGroupName],
    ["Source", `${provider}: ${repositoryName}, branch ${branchName}`],
    ["Scope", full ? "full, with failure scenarios" : "brief, without failure scenarios"],
    ["Started", started.toISOString()],
    ["Duration", `${seconds.toFixed(0)} s`],
    ["Runtime", `Node ${process.version}, ${process.platform}`],
  ];
}

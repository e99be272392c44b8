import type { DeployedSource } from "../deployedSource";
import type { StackOutputs } from "../openTheatre";

/** What a reader must know of a rehearsal before its steps: what was rehearsed, where, and how much of it. */
export function factsOf(
  outputs: StackOutputs,
  source: DeployedSource,
  { full, started }: { readonly full: boolean; readonly started: Date },
): (readonly [string, string])[] {
  const [, , , region = "", accountId = ""] = outputs.modelBuildPipelineArn.split(":");
  const seconds = (Date.now() - started.getTime()) / 1000;
  const { branchName, provider, repositoryName } = source;
  return [
    ["Where", `the local cloud: emulated account ${accountId}, region ${region}; nothing on AWS`],
    ["Pipeline", outputs.modelBuildPipelineName],
    ["Models", outputs.modelPackageGroupName],
    ["Source", `${provider}: ${repositoryName}, branch ${branchName}`],
    ["Extent", full ? "full, with what goes wrong" : "what must hold, without what goes wrong"],
    ["Began", started.toISOString()],
    ["Took", `${seconds.toFixed(0)} s`],
    ["With", `Node ${process.version}, ${process.platform}`],
  ];
}

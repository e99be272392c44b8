import type * as pulumi from "@pulumi/pulumi";

import type { Source } from "../shared/source";
import { type BuildOpts, type PullRequestBuildsArgs, pullRequestBuilds } from "./pullRequestBuilds";
import { pushTrigger } from "./pushTrigger";

interface CodeCommitTriggersArgs extends Omit<PullRequestBuildsArgs, "repository"> {
  pipelineArn: pulumi.Input<string>;
  source: Source;
}

/** EventBridge rules of a CodeCommit repository: pushes to the branch, and pull requests if enabled. */
export function codeCommitTriggers(
  name: string,
  { pipelineArn, source, ...args }: CodeCommitTriggersArgs,
  opts: BuildOpts,
): void {
  if (source.codecommit === undefined) return;
  const { arn, branch } = source.codecommit;
  const { description, dlqArn, names, settings, tags } = args;
  pushTrigger(
    name,
    {
      branch,
      description,
      dlqArn,
      names,
      permissionsBoundary: settings.permissionsBoundaryArn,
      pipelineArn,
      repositoryArn: arn,
      tags,
    },
    opts.namedOpts,
  );
  if (!settings.build.comparePullRequests) return;
  const repository = {
    ...source.codecommit,
    accessName: source.access.repositoryName,
    name: source.repositoryName,
  };
  pullRequestBuilds(name, { ...args, repository }, opts);
}

import type * as pulumi from "@pulumi/pulumi";

import type { Source } from "../shared/source";
import { pullRequestBuilds } from "./pullRequestBuilds";
import { pushTrigger } from "./pushTrigger";

type Further<Args, Known> = Omit<Args, keyof Known>;
type PullRequestArgs = Parameters<typeof pullRequestBuilds>[1];
type PushArgs = Parameters<typeof pushTrigger>[1];

interface FromSource {
  branch: unknown;
  permissionsBoundary: unknown;
  repository: unknown;
  repositoryArn: unknown;
}

interface CodeCommitTriggersArgs
  extends Further<PullRequestArgs, FromSource>, Further<PushArgs, FromSource> {
  source: Source;
}

/** EventBridge rules of a CodeCommit repository: pushes to the branch, and pull requests if enabled. */
export function codeCommitTriggers(
  name: string,
  { bucket, keyArn, settings, source, ...args }: CodeCommitTriggersArgs,
  opts: { namedOpts: pulumi.CustomResourceOptions; retainedOpts: pulumi.CustomResourceOptions },
): void {
  if (source.codecommit === undefined) return;
  const { arn, branch } = source.codecommit;
  const { permissionsBoundaryArn: permissionsBoundary } = settings;
  pushTrigger(name, { ...args, branch, permissionsBoundary, repositoryArn: arn }, opts.namedOpts);
  if (!settings.build.comparePullRequests) return;
  const repository = {
    ...source.codecommit,
    accessName: source.access.repositoryName,
    name: source.repositoryName,
  };
  pullRequestBuilds(name, { ...args, bucket, keyArn, repository, settings }, opts);
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Action } from "./parts/deliveryPipeline";
import { sourceRepository } from "./parts/sourceRepository";
import type { Connection } from "./policies/roles";
import { firstCommit } from "./seeding/firstCommit";
import type { Starter } from "./seeding/starter";
import type { Settings } from "./settings";

interface SourceArgs {
  /** Of the pipeline's source action. */
  actionName: string;
  description: string;
  /** Name of a repository that is made. */
  repositoryName: pulumi.Input<string>;
  source: Settings["source"];
  /** What a repository that is made starts from. */
  starter: Starter;
  /** Whether a push starts the pipeline; without, only what else starts it reads the repository. */
  startsRuns: boolean;
  tags: Record<string, string>;
}

/** Where the model code comes from, as the rest of the component needs to know it. */
export interface Source {
  /** What must happen before the pipeline is made, since it runs at once. */
  beforeFirstRun: pulumi.ResourceHook[];
  /** Set for a CodeCommit repository, created or existing. */
  codecommit?: { arn: pulumi.Output<string>; branch: string; cloneUrl: pulumi.Output<string> };
  /** Set for a repository outside AWS. */
  connection?: Connection;
  repositoryName: pulumi.Output<string>;
  /** The action that fetches it, with what it hands on. */
  action: Action;
  /** What starts the pipeline when no EventBridge rule does. */
  triggers?: aws.types.input.codepipeline.PipelineTrigger[];
}

/** A repository: created, looked up or connected, each with its one way of telling of a push. */
export function sourceOf(
  name: string,
  { actionName, source, startsRuns, starter, ...args }: SourceArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): Source {
  const { codecommit, connection, existing } = source;
  if (connection !== undefined) return connected(actionName, connection, startsRuns);

  if (existing !== undefined) {
    const { repositoryName } = existing;
    const found = aws.codecommit.getRepositoryOutput({ repositoryName }, { parent: opts.parent });
    return fromCodeCommit(actionName, found, existing.branch);
  }
  const created = sourceRepository(name, args, opts);
  const { branch, seed } = { branch: "main", seed: true, ...codecommit };
  const beforeFirstRun = seed
    ? [firstCommit(`${name}-first-commit`, { branch, repositoryArn: created.arn, starter })]
    : [];
  return { ...fromCodeCommit(actionName, created, branch), beforeFirstRun };
}

interface Repository {
  arn: pulumi.Output<string>;
  cloneUrlHttp: pulumi.Output<string>;
  repositoryName: pulumi.Output<string>;
}

/** What every source action hands on. */
const sourceCode = { category: "Source" as const, outputArtifacts: ["SourceCode"] };

function fromCodeCommit(actionName: string, repository: Repository, branch: string): Source {
  return {
    action: {
      ...sourceCode,
      name: actionName,
      provider: "CodeCommit",
      configuration: {
        RepositoryName: repository.repositoryName,
        BranchName: branch,
        // Left out, CodePipeline polls as well, and every push runs twice.
        PollForSourceChanges: "false",
      },
    },
    beforeFirstRun: [],
    codecommit: { arn: repository.arn, branch, cloneUrl: repository.cloneUrlHttp },
    repositoryName: repository.repositoryName,
  };
}

function connected(
  actionName: string,
  connection: NonNullable<Settings["source"]["connection"]>,
  startsRuns: boolean,
): Source {
  const { branch, connectionArn, fullRepositoryId, paths } = connection;
  const push = {
    branches: { includes: [branch] },
    ...(paths === undefined ? {} : { filePaths: { includes: paths } }),
  };
  return {
    action: {
      ...sourceCode,
      name: actionName,
      provider: "CodeStarSourceConnection",
      configuration: {
        ConnectionArn: connectionArn,
        FullRepositoryId: fullRepositoryId,
        BranchName: branch,
        // Left out, every push starts a run.
        ...(startsRuns ? {} : { DetectChanges: "false" }),
      },
    },
    beforeFirstRun: [],
    connection,
    repositoryName: pulumi.output(fullRepositoryId),
    // A trigger switches CodePipeline's own change detection off, so that a push starts one run.
    ...(startsRuns
      ? {
          triggers: [
            {
              providerType: "CodeStarSourceConnection",
              gitConfiguration: { sourceActionName: actionName, pushes: [push] },
            },
          ],
        }
      : {}),
  };
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type Names, stages } from "./names";
import type { Stage } from "./parts/deliveryPipeline";
import { sourceRepository } from "./parts/sourceRepository";
import type { Connection } from "./policies/roles";
import { firstCommit } from "./seeding/firstCommit";
import type { Settings } from "./settings";

interface SourceArgs {
  description: string;
  names: pulumi.Output<Names>;
  source: Settings["source"];
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
  stage: Stage;
  /** What starts the pipeline when no EventBridge rule does. */
  triggers?: aws.types.input.codepipeline.PipelineTrigger[];
}

/** The repository of the model code: created, looked up or connected, each with its one way of telling of a push. */
export function sourceOf(
  name: string,
  { names, source, ...about }: SourceArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): Source {
  const { codecommit, connection, existing } = source;
  if (connection !== undefined) return connected(connection);

  if (existing !== undefined) {
    const { repositoryName } = existing;
    const found = aws.codecommit.getRepositoryOutput({ repositoryName }, { parent: opts.parent });
    return fromCodeCommit(found, existing.branch);
  }
  const created = sourceRepository(name, { ...about, repositoryName: names.repository }, opts);
  const { branch, seed } = { branch: "main", seed: true, ...codecommit };
  const beforeFirstRun = seed
    ? [firstCommit(`${name}-first-commit`, { branch, repositoryArn: created.arn })]
    : [];
  return { ...fromCodeCommit(created, branch), beforeFirstRun };
}

interface Repository {
  arn: pulumi.Output<string>;
  cloneUrlHttp: pulumi.Output<string>;
  repositoryName: pulumi.Output<string>;
}

function fromCodeCommit(repository: Repository, branch: string): Source {
  return {
    beforeFirstRun: [],
    codecommit: { arn: repository.arn, branch, cloneUrl: repository.cloneUrlHttp },
    repositoryName: repository.repositoryName,
    stage: {
      ...stages.source,
      provider: "CodeCommit",
      configuration: {
        RepositoryName: repository.repositoryName,
        BranchName: branch,
        // Left out, CodePipeline polls as well, and every push runs twice.
        PollForSourceChanges: "false",
      },
    },
  };
}

function connected(connection: NonNullable<Settings["source"]["connection"]>): Source {
  const { branch, connectionArn, fullRepositoryId, paths } = connection;
  const push = {
    branches: { includes: [branch] },
    ...(paths === undefined ? {} : { filePaths: { includes: paths } }),
  };
  return {
    beforeFirstRun: [],
    connection,
    repositoryName: pulumi.output(fullRepositoryId),
    stage: {
      ...stages.source,
      provider: "CodeStarSourceConnection",
      configuration: {
        ConnectionArn: connectionArn,
        FullRepositoryId: fullRepositoryId,
        BranchName: branch,
      },
    },
    // A trigger switches CodePipeline's own change detection off, so that a push starts one run.
    triggers: [
      {
        providerType: "CodeStarSourceConnection",
        gitConfiguration: { sourceActionName: stages.source.action, pushes: [push] },
      },
    ],
  };
}

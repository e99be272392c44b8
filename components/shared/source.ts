import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Action } from "../parts/pipeline";
import { sourceRepository } from "../parts/sourceRepository";
import type { SourceAccess } from "../policies/buildRoles";
import { firstCommit } from "../seeding/firstCommit";
import type { Starter } from "../seeding/starter";
import { defaults } from "../validation/defaults";
import type { Settings } from "../validation/resolveSettings";

interface SourceArgs {
  /** Name of the CodePipeline source action. */
  actionName: string;
  description: string;
  /** Name of a created repository, unless the settings have another. */
  defaultRepositoryName: pulumi.Input<string>;
  source: Settings["source"];
  /** Content of the first commit of a created repository. */
  starter: Starter;
  /** Whether a push starts the pipeline. */
  startsRuns: boolean;
  tags: Record<string, string>;
}

/** Source repository of a CodePipeline. */
export interface Source {
  /** Hooks before the creation of the pipeline: CodePipeline starts a new pipeline at once. */
  beforeFirstRun: pulumi.ResourceHook[];
  /** Set for a CodeCommit repository, created or existing. */
  codecommit?: { arn: pulumi.Output<string>; branch: string; cloneUrl: pulumi.Output<string> };
  /** For the policy of the pipeline role. */
  access: SourceAccess;
  repositoryName: pulumi.Output<string>;
  /** Source action of the CodePipeline. */
  action: Action;
  /** CodePipeline triggers, for a source without an EventBridge rule. */
  triggers?: aws.types.input.codepipeline.PipelineTrigger[];
}

/** Source repository: created, existing, or outside AWS. */
export function createSource(
  name: string,
  { actionName, defaultRepositoryName, source, startsRuns, starter, ...args }: SourceArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): Source {
  const { codecommit, connection, existing } = source;
  if (connection !== undefined) return connected(actionName, connection, startsRuns);

  if (existing !== undefined) {
    const { repositoryName } = existing;
    const found = aws.codecommit.getRepositoryOutput({ repositoryName }, { parent: opts.parent });
    return { ...fromCodeCommit(actionName, found, existing.branch), access: { repositoryName } };
  }
  const { repositoryName } = codecommit ?? {};
  const created = sourceRepository(
    name,
    { ...args, repositoryName: repositoryName ?? defaultRepositoryName },
    opts,
  );
  const { branch, seed } = codecommit ?? defaults.source.codecommit;
  const beforeFirstRun = seed
    ? [firstCommit(`${name}-first-commit`, { branch, repositoryArn: created.arn, starter })]
    : [];
  return {
    ...fromCodeCommit(actionName, created, branch),
    access: repositoryName === undefined ? {} : { repositoryName },
    beforeFirstRun,
  };
}

interface Repository {
  arn: pulumi.Output<string>;
  cloneUrlHttp: pulumi.Output<string>;
  repositoryName: pulumi.Output<string>;
}

/** Category and output artifact of every source action. */
const sourceCode = { category: "Source" as const, outputArtifacts: ["SourceCode"] };

function fromCodeCommit(
  actionName: string,
  repository: Repository,
  branch: string,
): Omit<Source, "access"> {
  return {
    action: {
      ...sourceCode,
      name: actionName,
      provider: "CodeCommit",
      configuration: {
        RepositoryName: repository.repositoryName,
        BranchName: branch,
        // The default is true: CodePipeline would poll too, and every push would run twice.
        // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
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
        // The default is true: every push would start an execution.
        ...(startsRuns ? {} : { DetectChanges: "false" }),
      },
    },
    beforeFirstRun: [],
    access: { connection },
    repositoryName: pulumi.output(fullRepositoryId),
    // A trigger disables the default change detection, so a push starts one execution.
    // https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
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

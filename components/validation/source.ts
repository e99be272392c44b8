import { defaults, groupDefaults } from "./defaults";
import * as limits from "./limits";
import * as patterns from "./patterns";
import { boolean, group, listOf, text } from "./fields";

const repositoryName = text(
  "must be 1 to 100 letters, digits, dots, underscores or hyphens, not ending in .git",
  "churn-model",
  patterns.repositoryName,
);
const branch = text(
  "must be a branch's name, without refs/heads/",
  defaults.source.codecommit.branch,
  patterns.isBranchName,
);

/** Default source: a new CodeCommit repository with this branch. */
export const defaultBranch = { branch: defaults.source.codecommit.branch };
const exampleConnection = {
  connectionArn:
    "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555",
  fullRepositoryId: "acme/churn-model",
};

/** Schema of the repository: created, existing, or outside AWS. */
export const source = group(
  { codecommit: defaultBranch },
  {
    codecommit: group(defaultBranch, {
      repositoryName: repositoryName.optional(),
      branch: branch.default(defaults.source.codecommit.branch),
      seed: boolean(true).default(defaults.source.codecommit.seed),
    }).optional(),
    existing: group(
      { repositoryName: "churn-model" },
      {
        repositoryName,
        branch: branch.default(groupDefaults.source.existing.branch),
      },
    ).optional(),
    connection: group(exampleConnection, {
      connectionArn: text(
        "must be the ARN of a connection",
        exampleConnection.connectionArn,
        patterns.connectionArn,
      ),
      fullRepositoryId: text(
        "must be owner and repository, without host and .git",
        exampleConnection.fullRepositoryId,
        patterns.fullRepositoryId,
      ),
      branch: branch.default(groupDefaults.source.connection.branch),
      paths: listOf(
        "globs of paths in the repository",
        "pipelines/**",
        text(
          "must be a glob of 1 to 255 characters without a leading slash",
          "src/**",
          patterns.pathPattern,
        ),
        limits.paths,
      ).optional(),
    }).optional(),
  },
);

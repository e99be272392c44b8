import * as limits from "./patterns";
import { boolean, group, listOf, text } from "./fields";

const repositoryName = text(
  "must be 1 to 100 letters, digits, dots, underscores or hyphens, not ending in .git",
  "churn-model",
  limits.repositoryName,
);
const branch = text(
  "must be a branch's name, without refs/heads/",
  "main",
  limits.isBranchName,
).default("main");

/** Default source: a new CodeCommit repository with this branch. */
export const defaultBranch = { branch: "main" };
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
      branch,
      seed: boolean(true).default(true),
    }).optional(),
    existing: group({ repositoryName: "churn-model" }, { repositoryName, branch }).optional(),
    connection: group(exampleConnection, {
      connectionArn: text(
        "must be the ARN of a connection",
        exampleConnection.connectionArn,
        limits.connectionArn,
      ),
      fullRepositoryId: text(
        "must be owner and repository, without host and .git",
        exampleConnection.fullRepositoryId,
        limits.fullRepositoryId,
      ),
      branch,
      paths: listOf(
        "globs of paths in the repository",
        "pipelines/**",
        text(
          "must be a glob of 1 to 255 characters without a leading slash",
          "src/**",
          limits.pathPattern,
        ),
        { min: 1, max: 8 },
      ).optional(),
    }).optional(),
  },
);

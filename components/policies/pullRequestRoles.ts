import type { StringInput } from "../validation/fields";
import { codeCommitArn, type Names } from "../names/names";
import {
  allowStatement,
  type Document,
  policyDocument,
  pullImageStatements,
  sameAccountCondition,
  type Statement,
  viaS3Condition,
  writeLogStatement,
} from "./statements";

/** Resources of both builds other than those with names of the project. */
export interface PullRequestAccess {
  /** Whether there are trials, whose results the comment shows. */
  hasTrials: boolean;
  /** ECR repository of the build image, if the image is private. */
  imageRepositoryArn: string | undefined;
  keyArn: StringInput;
  /** CodeCommit repository; by default that of the stack. */
  repositoryName: string | undefined;
}

/**
 * IAM policy of the build that runs the code of a pull request: clone the repository, write log and
 * findings. It reads no artifact, and starts nothing.
 */
export function compareRolePolicy(names: Names, access: PullRequestAccess): Document {
  const { compare, findingsArn } = names.pullRequests;
  return policyDocument([
    ...buildStatements(compare.logGroupArn, repositoryArn(names, access), access),
    // https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
    allowStatement(
      "ArtifactBucketMeta",
      names.artifactBucketArn,
      ["s3:GetBucketAcl", "s3:GetBucketLocation"],
      sameAccountCondition(names),
    ),
    allowStatement("FindingsWrite", findingsArn, ["s3:PutObject"], sameAccountCondition(names)),
    allowStatement("FindingsKey", access.keyArn, ["kms:GenerateDataKey"], viaS3Condition(names)),
  ]);
}

/**
 * IAM policy of the build that comments: clone the repository, read the comparison and its findings,
 * comment on pull requests. It cannot change code.
 */
export function commentRolePolicy(names: Names, access: PullRequestAccess): Document {
  const { comment, compare, findingsArn } = names.pullRequests;
  return policyDocument([
    ...buildStatements(comment.logGroupArn, repositoryArn(names, access), access),
    allowStatement("FindingsRead", findingsArn, ["s3:GetObject"], sameAccountCondition(names)),
    ...(access.hasTrials
      ? [
          allowStatement(
            "TrialResultsRead",
            names.trial.resultsArn,
            ["s3:GetObject"],
            sameAccountCondition(names),
          ),
        ]
      : []),
    allowStatement("FindingsKey", access.keyArn, ["kms:Decrypt"], viaS3Condition(names)),
    allowStatement("CompareBuildRead", compare.projectArn, ["codebuild:BatchGetBuilds"]),
    allowStatement("PullRequestComment", repositoryArn(names, access), [
      "codecommit:GetCommentsForPullRequest",
      "codecommit:GetPullRequest",
      "codecommit:PostCommentForPullRequest",
      "codecommit:UpdateComment",
    ]),
  ]);
}

/** IAM policy of the EventBridge rules: start both builds. */
export function pullRequestRuleRolePolicy({ pullRequests }: Names): Document {
  const { comment, compare } = pullRequests;
  return policyDocument([
    allowStatement(
      "StartBuilds",
      [compare.projectArn, comment.projectArn],
      ["codebuild:StartBuild"],
    ),
  ]);
}

function buildStatements(
  logGroupArn: string,
  sourceArn: string,
  { imageRepositoryArn }: PullRequestAccess,
): Statement[] {
  return [
    writeLogStatement(logGroupArn),
    allowStatement("RepositoryClone", sourceArn, ["codecommit:GitPull"]),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
  ];
}

function repositoryArn(names: Names, { repositoryName }: PullRequestAccess): string {
  return codeCommitArn(names, repositoryName ?? names.defaultRepository);
}

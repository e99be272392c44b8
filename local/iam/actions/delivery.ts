import { z } from "zod";

import { arn, arnFor, each, itself, named, nowhere, type Table, text } from "./placing";

const builds = z.array(z.string());

/** CodeCommit, CodeBuild, CodePipeline, and the registry of images. */
export const delivery: Table = {
  ...each(
    "codecommit",
    [
      ...["GetBranch", "GetCommit", "GetDifferences", "GetFile", "GetFolder", "GetRepository"],
      ...["GetCommentsForPullRequest", "PostCommentForPullRequest"],
    ],
    named("", "repositoryName"),
  ),
  "codecommit:GetPullRequest": async (call, ground) => {
    const repository = await ground.pullRequests.repositoryOf(text(call, "pullRequestId"));
    return [itself(call, arn(ground, "codecommit", repository))];
  },
  // A comment's id begins with its repository in the emulator.
  "codecommit:UpdateComment": (call, ground) => {
    const [repository = ""] = text(call, "commentId").split(":");
    return [itself(call, arn(ground, "codecommit", repository))];
  },
  "codebuild:BatchGetBuilds": (call, ground) =>
    builds
      .parse(call.parameters.ids)
      .map((id) => itself(call, arn(ground, "codebuild", `project/${projectOf(id)}`))),
  "codebuild:StartBuild": named("project/", "projectName"),
  "codebuild:StopBuild": (call, ground) => [
    itself(call, arn(ground, "codebuild", `project/${projectOf(text(call, "id"))}`)),
  ],
  ...each(
    "codepipeline",
    ["GetPipeline", "GetPipelineState", "StartPipelineExecution"],
    named("", "name"),
  ),
  ...each(
    "codepipeline",
    [
      "GetPipelineExecution",
      "ListActionExecutions",
      "ListPipelineExecutions",
      "StopPipelineExecution",
    ],
    named("", "pipelineName"),
  ),
  "codepipeline:PutApprovalResult": (call, ground) => {
    const place = ["pipelineName", "stageName", "actionName"].map((part) => text(call, part));
    return [itself(call, arn(ground, "codepipeline", place.join("/")))];
  },
  ...each("codepipeline", ["RetryStageExecution", "RollbackStage"], (call, ground) => {
    const place = ["pipelineName", "stageName"].map((part) => text(call, part));
    return [itself(call, arn(ground, "codepipeline", place.join("/")))];
  }),
  "ecr:GetAuthorizationToken": nowhere,
  ...each(
    "ecr",
    [
      "BatchCheckLayerAvailability",
      "BatchGetImage",
      "DescribeImages",
      "GetDownloadUrlForLayer",
      "ListImages",
    ],
    (call, ground) => {
      const accountId = z.string().default(ground.accountId).parse(call.parameters.registryId);
      const owner = { ...ground, accountId };
      return [itself(call, arnFor(call, owner, "repository/", "repositoryName"))];
    },
  ),
};

/** A build's id is `project:uuid`, bare or at the end of an ARN. */
function projectOf(id: string): string {
  return id.replace(/^arn:.*:build\//, "").replace(/:[^:]*$/, "");
}

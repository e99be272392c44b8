import type * as pulumi from "@pulumi/pulumi";

/**
 * Input of StartBuild. EventBridge replaces `<variable>`: commits, IDs and a status, no text of a
 * user.
 */
export function buildInput(variables: Record<string, string>, sourceVersion?: string): string {
  return JSON.stringify({
    ...(sourceVersion === undefined ? {} : { sourceVersion }),
    environmentVariablesOverride: Object.entries(variables).map(([name, value]) => ({
      name,
      value,
      type: "PLAINTEXT",
    })),
  });
}

/** Event pattern of a new pull request to the branch, and of a push to its source branch. */
export function pullRequestPattern(branch: string, repositoryArn: pulumi.Input<string>) {
  return {
    source: ["aws.codecommit"],
    "detail-type": ["CodeCommit Pull Request State Change"],
    resources: [repositoryArn],
    detail: {
      destinationReference: [`refs/heads/${branch}`],
      event: ["pullRequestCreated", "pullRequestSourceBranchUpdated"],
      pullRequestStatus: ["Open"],
    },
  };
}

/** Event pattern of the end of a comparison. A stopped build has no comment. */
export function comparedPattern(project: string) {
  return {
    source: ["aws.codebuild"],
    "detail-type": ["CodeBuild Build State Change"],
    detail: { "build-status": ["SUCCEEDED", "FAILED"], "project-name": [project] },
  };
}

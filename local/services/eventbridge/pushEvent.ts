import { type Origin, type ServiceEvent, serviceEvent } from "./serviceEvent";

/** A branch that was created at a commit, or moved to it from an earlier one. */
export interface Push extends Origin {
  readonly repositoryName: string;
  readonly repositoryId: string;
  readonly branch: string;
  readonly commitId: string;
  /** Where the branch stood before; left out if the push created it. */
  readonly oldCommitId?: string;
}

/**
 * The event that CodeCommit sends for a push to a branch.
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
 */
export function pushEvent(push: Push): ServiceEvent {
  const { accountId, partition, region, repositoryName, branch } = push;
  return serviceEvent(push, {
    source: "aws.codecommit",
    detailType: "CodeCommit Repository State Change",
    resources: [`arn:${partition}:codecommit:${region}:${accountId}:${repositoryName}`],
    detail: {
      callerUserArn: `arn:${partition}:iam::${accountId}:user/data-scientist`,
      commitId: push.commitId,
      event: push.oldCommitId === undefined ? "referenceCreated" : "referenceUpdated",
      oldCommitId: push.oldCommitId,
      referenceFullName: `refs/heads/${branch}`,
      referenceName: branch,
      referenceType: "branch",
      repositoryId: push.repositoryId,
      repositoryName,
    },
  });
}

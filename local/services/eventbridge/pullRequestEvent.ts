import { type Origin, type ServiceEvent, serviceEvent } from "./serviceEvent";

/** An open pull request, after its creation or after a push to its source branch. */
export interface PullRequestChange extends Origin {
  readonly event: "pullRequestCreated" | "pullRequestSourceBranchUpdated";
  readonly repositoryName: string;
  readonly pullRequestId: string;
  readonly title: string;
  /** Branch and commit that the pull request changes. */
  readonly destination: readonly [reference: string, commitId: string];
  /** Branch and commit of the change. */
  readonly source: readonly [reference: string, commitId: string];
}

/**
 * The event that CodeCommit sends for a pull request.
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
 */
export function pullRequestEvent(change: PullRequestChange): ServiceEvent {
  const { accountId, destination, partition, region, repositoryName, source } = change;
  const user = `arn:${partition}:iam::${accountId}:user/data-scientist`;
  return serviceEvent(change, {
    source: "aws.codecommit",
    detailType: "CodeCommit Pull Request State Change",
    resources: [`arn:${partition}:codecommit:${region}:${accountId}:${repositoryName}`],
    detail: {
      author: user,
      callerUserArn: user,
      destinationCommit: destination[1],
      destinationReference: destination[0],
      event: change.event,
      isMerged: "False",
      pullRequestId: change.pullRequestId,
      pullRequestStatus: "Open",
      repositoryNames: [repositoryName],
      sourceCommit: source[1],
      sourceReference: source[0],
      title: change.title,
    },
  });
}

import type { Clients } from "./clients";

/** Repositories of calls that name only a pull request. */
export interface PullRequests {
  /** @throws Error of CodeCommit if there is no such pull request */
  readonly repositoryOf: (pullRequestId: string) => Promise<string>;
}

/** The pull requests of the deployed account. */
export function pullRequestsOf(owner: Clients): PullRequests {
  return {
    async repositoryOf(pullRequestId) {
      const { pullRequest } = await (await owner.codecommit()).getPullRequest({ pullRequestId });
      const repository = pullRequest?.pullRequestTargets?.[0]?.repositoryName;
      if (repository === undefined) throw new Error(`pull request ${pullRequestId} has no target`);
      return repository;
    },
  };
}

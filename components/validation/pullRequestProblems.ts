import { problem, valueAt } from "./errors";
import { ruleText } from "./fields";

/**
 * Problem of `build.comparePullRequests` without a CodeCommit repository, whose pull requests other
 * repositories do not send as events, or with a private network, which has no endpoint for git.
 */
export function pullRequestProblems(input: {
  build?: unknown;
  network?: unknown;
  source?: unknown;
}): string[] {
  if (valueAt(input.build, ["comparePullRequests"]) !== true) return [];
  const isSet = (value: unknown, key: string) => (valueAt(value, [key]) ?? undefined) !== undefined;
  const conflicts = [
    ...(isSet(input.source, "connection") ? ["source.connection"] : []),
    ...["created", "existing"]
      .filter((kind) => isSet(input.network, kind))
      .map((kind) => `network.${kind}`),
  ];
  return conflicts.map((key) =>
    problem("build.comparePullRequests", ruleText(`must be false with ${key}`, false), true),
  );
}

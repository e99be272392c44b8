import { defaults, dependentDefaults } from "./defaults";
import { problem, valueAt } from "./errors";
import { ruleText } from "./fields";
import { trainingTimeoutMinutes } from "./limits";

/** A build that waits for training must not time out first. */
export function trainingWaitProblems(build: unknown): string[] {
  const minutes = valueAt(build, ["timeoutMinutes"]);
  if (valueAt(build, ["waitForTraining"]) !== true || !isBelow(minutes, trainingTimeoutMinutes.min))
    return [];
  const rule = `must be at least ${String(trainingTimeoutMinutes.min)} with waitForTraining: the build waits until training has ended`;
  return [
    problem(
      "build.timeoutMinutes",
      ruleText(rule, dependentDefaults.build.timeoutMinutes.waitForTraining),
      minutes,
    ),
  ];
}

/**
 * S3 must not delete the artifacts of a deployment while it waits for the manual approval.
 * @param approvalMinutes timeout of the manual approval
 */
export function approvalWaitProblems(
  artifacts: unknown,
  approvalMinutes: unknown = defaults.deploy.approvalTimeoutMinutes,
) {
  const days = valueAt(artifacts, ["expireBuildsAfterDays"]);
  if (typeof approvalMinutes !== "number") return [];
  // One day more, for the stages before and after the approval.
  const needed = Math.ceil(approvalMinutes / 1440) + 1;
  if (!isBelow(days, needed)) return [];
  const rule = `must be at least ${String(needed)} with deploy.approvalTimeoutMinutes ${String(approvalMinutes)}: production deploys the artifacts after the approval`;
  return [problem("artifacts.expireBuildsAfterDays", ruleText(rule, 730), days)];
}

/** The schema reports values below 1. */
function isBelow(value: unknown, minimum: number): value is number {
  return typeof value === "number" && value >= 1 && value < minimum;
}

import type { Plan } from "./plan";
import { isClean } from "./plan";
import { planComment, summaryOf } from "./planComment";

/** What a plan with `refresh` found, for the issue about it; undefined if every stack is as main says. */
export function driftReport(plans: readonly Plan[], source: string): string | undefined {
  const drifted = plans.filter((plan) => !isClean(plan));
  if (drifted.length === 0) return undefined;
  const room = Math.floor(60_000 / drifted.length);
  return [
    "What stands in AWS is not what the main branch says: it was changed by hand, or a deployment did not come to its end. " +
      "The diff is what a deployment would do about it. This issue is kept up to date every night, and closed when nothing is left.",
    ...drifted.map((plan) => planComment(plan, source, room)),
    ...plans.filter(isClean).map((plan) => `### Stack \`${plan.stackName}\`: ${summaryOf(plan)}`),
  ].join("\n\n");
}

import type { Plan } from "./plan";
import { isClean } from "./plan";
import { planComment, summaryOf } from "./planComment";

/** Text of the drift issue, from plans with `refresh`; undefined if no stack has drift. */
export function driftReport(plans: readonly Plan[], source: string): string | undefined {
  const drifted = plans.filter((plan) => !isClean(plan));
  if (drifted.length === 0) return undefined;
  const room = Math.floor(60_000 / drifted.length);
  return [
    "Drift detected: resources in AWS differ from the main branch. " +
      "Possible causes: a manual change, or an incomplete deployment. " +
      "The diff shows what the next deployment changes. " +
      "Next: re-run the latest Deploy workflow, or commit the change to the main branch. " +
      "This issue is updated every night and closed when no drift is left.",
    ...drifted.map((plan) => planComment(plan, source, room)),
    ...plans.filter(isClean).map((plan) => `### Stack \`${plan.stackName}\`: ${summaryOf(plan)}`),
  ].join("\n\n");
}

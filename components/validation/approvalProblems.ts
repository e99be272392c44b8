import { defaults } from "./defaults";
import { problem } from "./errors";
import { ruleText } from "./fields";

/** Problems of a deployment without a manual approval. */
export function approvalProblems(
  approval: unknown,
  { key, posture = defaults.posture }: { key: string; posture?: unknown },
): string[] {
  if (approval !== "none" || posture !== "prod") return [];
  const { approval: example } = defaults.deploy;
  const rule = `must be ${example} with posture prod: each deployment to production needs a manual approval`;
  return [problem(key, ruleText(rule, example), approval)];
}

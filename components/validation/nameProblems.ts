import { excessOf, overlongNames } from "../names/lengthLimits";
import type { ProjectIdentity } from "../names/names";
import { defaults } from "./defaults";
import { problem } from "./errors";
import { ruleText } from "./fields";
import * as patterns from "./patterns";

/** Settings of every physical name, not validated. */
export interface Identity {
  namePrefix?: unknown;
  projectId?: unknown;
  projectName?: unknown;
}

/** The settings of every physical name, if all of them are valid. */
export function validIdentity({
  namePrefix = defaults.namePrefix,
  projectId,
  projectName,
}: Identity): ProjectIdentity | undefined {
  const isValid = (value: unknown, pattern: RegExp): value is string =>
    typeof value === "string" && pattern.test(value);
  return isValid(namePrefix, patterns.namePrefix) &&
    isValid(projectId, patterns.projectWord) &&
    isValid(projectName, patterns.projectWord)
    ? { namePrefix, projectId, projectName }
    : undefined;
}

/** One problem with all physical names that are too long for AWS. */
export function lengthProblems(settings: Identity, { deployment = false } = {}): string[] {
  const identity = validIdentity(settings);
  if (identity === undefined) return [];
  const overlong = overlongNames(identity, { deployment });
  const [longest] = overlong;
  if (longest === undefined) return [];
  const names = overlong.map(
    ({ limit, name, what }) => `the ${what} "${name}" (AWS allows ${String(limit)})`,
  );
  const rule = ruleText(
    `and projectId must be ${String(excessOf(longest))} characters shorter together, because of ${names.join(", ")}`,
    { projectName: "churn", projectId: "dev" },
  );
  const { projectId, projectName } = identity;
  return [problem("projectName", rule, { projectName, projectId })];
}

/**
 * AWS-managed policies, for example AmazonSageMakerFullAccess, grant GitPush and S3 access on `*sagemaker*`.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html
 */
export function reservedWordProblems({ namePrefix, projectId, projectName }: Identity): string[] {
  if (namePrefix === "sagemaker") return [];
  const rule = ruleText(
    'must not contain "sagemaker", to which AWS-managed policies grant access; only namePrefix may be that word',
    "churn",
  );
  return Object.entries({ namePrefix, projectId, projectName })
    .filter(([, value]) => typeof value === "string" && value.includes("sagemaker"))
    .map(([key, value]) => problem(key, rule, value));
}

import { type Names, namesFor, type ProjectIdentity } from "./names";

/** A derived name and the length that AWS allows. */
export interface LimitedName {
  limit: number;
  name: string;
  what: string;
}

/** Every derived name that is too long for AWS, the longest excess first; in any region. */
export function overlongNames(
  identity: ProjectIdentity,
  { deployment = false } = {},
): LimitedName[] {
  // A placeholder as long as the longest region code: the limits hold in every region.
  const context = { accountId: "", dnsSuffix: "", partition: "", region: "<region>" };
  const names = namesFor(identity, context);
  const limited: LimitedName[] = [
    { what: "access log bucket", name: names.logBucket, limit: 63 },
    ...(deployment ? limitedDeployNames(names.deploy) : []),
    { what: "IAM role", name: names.notificationsRole, limit: 64 },
    ...[names.pushRule, ...Object.values(names.notificationRules)].map((name) => ({
      what: "EventBridge rule",
      name,
      limit: 64,
    })),
    { what: "model package group", name: names.modelPackageGroup, limit: 63 },
    { what: "SQS queue", name: names.queue, limit: 80 },
    { what: "CodePipeline", name: names.pipeline, limit: 100 },
  ];

  return limited.filter((it) => excessOf(it) > 0).sort((a, b) => excessOf(b) - excessOf(a));
}

/** Characters that a name has too many. */
export function excessOf({ limit, name }: LimitedName): number {
  return name.length - limit;
}

/** Derived names that a deployment adds, with AWS's limits. */
function limitedDeployNames({ staging, ...names }: Names["deploy"]) {
  return [
    { what: "SageMaker model", name: `${staging.endpoint}-99999-01234567`, limit: 63 },
    { what: "IAM role", name: staging.role, limit: 64 },
    { what: "EventBridge Scheduler group", name: names.stagingExpiry.group, limit: 64 },
    ...[names.stagingFailedRule, ...Object.values(names.notificationRules)].map((name) => ({
      what: "EventBridge rule",
      name,
      limit: 64,
    })),
  ];
}

import { key, projectTopic, rule, session } from "../../support/policySet";
import { outsider, service } from "./account";
import type { DenyRow } from "./denyRows";
import { deployed } from "./reach";
import { type Call, type Row, use } from "./row";

const publish = use("sns:Publish", projectTopic);
const encryption = ["kms:GenerateDataKey", "kms:Decrypt"];

/** Statement of projects in which EventBridge publishes without a role. */
const withoutRole = "notifications EventBridgeNotifications";

/** CloudWatch, or another service, acting for an alarm. */
function byAlarm(
  action: string,
  resource: string,
  { account = "123456789012", alarm = "mlops-churn--dev--prod-errors", by = "cloudwatch" } = {},
): Call {
  const { sourceArn } = service("cloudwatch", `alarm:${alarm}`, account);
  return passingSource(by, sourceArn, account, [action, resource]);
}

/** EventBridge, or another service, acting for a rule whose ARN it passes. */
function byRule({ account = "123456789012", by = "events", name = "build-failed" } = {}): Call {
  const { sourceArn } = service("events", `rule/mlops-churn--dev--${name}`, account);
  return passingSource(by, sourceArn, account, ["sns:Publish", projectTopic]);
}

function passingSource(
  by: string,
  sourceArn: string,
  account: string,
  [action, resource]: [string, string],
): Call {
  return [
    { service: `${by}.amazonaws.com`, sourceArn },
    use(action, resource, { "aws:SourceAccount": account, "aws:SourceArn": sourceArn }),
  ];
}

/** EventBridge that encrypts for this topic; it passes no rule to KMS. */
function encryptFor(topicArn: string, action = "kms:GenerateDataKey"): Call {
  return [
    rule("mlops-churn--dev--build-failed"),
    use(action, key, { "kms:EncryptionContext:aws:sns:topicArn": topicArn }),
  ];
}

const queueAlarm = { alarm: "mlops-churn--dev--undelivered-events" };
const ownAlarms = ["errors", "latency", "no-invocations"].map((name) => ({
  alarm: `mlops-churn--dev--prod-${name}`,
}));
const otherAlarms = [
  { alarm: "mlops-churn--dev--prod-canary-verdict" },
  { alarm: "mlops-churn--dev--staging-errors" },
  { alarm: "mlops-churn--prod--prod-errors" },
  { account: "210987654321" },
  { by: "budgets" },
  { by: "events" },
];
const alarmDenials =
  "the canary's alarm, alarms of staging, of another project and of another account, other services";
const otherQueueAlarms = [
  { alarm: "mlops-churn--prod--undelivered-events" },
  { ...queueAlarm, account: "210987654321" },
  { ...queueAlarm, by: "events" },
];
const queueAlarmDenials = "alarms of another project and of another account, other services";

/** Rows of services that publish notifications. */
export const publisherRows: readonly Row[] = [
  {
    statement: "notifications AlarmNotifications",
    allows: "the alarm of the DLQ publishes notifications",
    calls: [byAlarm("sns:Publish", projectTopic, queueAlarm)],
    denies: queueAlarmDenials,
    neighbours: otherQueueAlarms.map((other) => byAlarm("sns:Publish", projectTopic, other)),
  },
  {
    statement: "key AlarmNotifications",
    allows: "the alarm of the DLQ encrypts notifications",
    calls: encryption.map((action) => byAlarm(action, key, queueAlarm)),
    denies: queueAlarmDenials,
    neighbours: otherQueueAlarms.map((other) => byAlarm("kms:GenerateDataKey", key, other)),
  },
  {
    statement: "notifications AlarmNotifications",
    beside: deployed,
    allows: "alarms of production publish notifications",
    calls: ownAlarms.map((alarm) => byAlarm("sns:Publish", projectTopic, alarm)),
    denies: alarmDenials,
    neighbours: otherAlarms.map((other) => byAlarm("sns:Publish", projectTopic, other)),
  },
  {
    statement: "key AlarmNotifications",
    beside: deployed,
    allows: "alarms of production encrypt notifications",
    calls: ownAlarms.flatMap((alarm) => encryption.map((action) => byAlarm(action, key, alarm))),
    denies: alarmDenials,
    neighbours: otherAlarms.map((other) => byAlarm("kms:GenerateDataKey", key, other)),
  },
  {
    statement: withoutRole,
    allows: "notification rules publish, also if EventBridge passes no rule",
    calls: [
      byRule(),
      byRule({ name: "deployment-failed" }),
      [rule("mlops-churn--dev--build-failed"), publish],
    ],
    denies: "the push rule, a rule of another account, other services",
    neighbours: [
      byRule({ name: "push" }),
      byRule({ account: "210987654321" }),
      byRule({ by: "budgets" }),
    ],
  },
  {
    statement: "key EventBridgeNotifications",
    allows: "EventBridge encrypts messages of the topic",
    calls: encryption.map((action) => encryptFor(projectTopic, action)),
    denies: "another topic, no encryption context, other services",
    neighbours: [
      encryptFor(projectTopic.replace("churn--dev", "churn--prod")),
      [rule("mlops-churn--dev--build-failed"), use("kms:GenerateDataKey", key)],
      [{ ...rule(), service: "budgets.amazonaws.com" }, encryptFor(projectTopic)[1]],
    ],
  },
];

/** Rows of the topic's Deny statement in projects with deployment. */
export const publisherDenyRows: readonly DenyRow[] = [
  {
    statement: "notifications DenyOtherPublishers",
    beside: deployed,
    denies: "denies publishing by other roles of the account",
    calls: [
      [outsider("anybody"), publish],
      [outsider("platform"), publish],
    ],
    allows: "the notifications role, the deploy-queue role, alarms",
    others: [
      [session("notifications"), publish],
      [session("deploy-queue"), publish],
      byAlarm("sns:Publish", projectTopic),
      byAlarm("sns:Publish", projectTopic, queueAlarm),
    ],
  },
  {
    statement: "notifications DenyOtherPublishers",
    beside: withoutRole,
    denies: "denies publishing by every role of the account but deploy-queue",
    calls: [
      [outsider("anybody"), publish],
      [outsider("platform"), publish],
    ],
    allows: "the deploy-queue role, notification rules, alarms",
    others: [
      [session("deploy-queue"), publish],
      byRule(),
      byAlarm("sns:Publish", projectTopic, queueAlarm),
    ],
  },
];

import { key, projectTopic, queue, rule, session } from "../support/policySet";
import { outsider, service } from "./account";
import type { DenyRow } from "./denyRows";
import { deployed } from "./reach";
import { type Call, type Never, type Row, use } from "./row";

const anybody = outsider("anybody");
const publish = use("sns:Publish", projectTopic);
const encryption = ["kms:GenerateDataKey", "kms:Decrypt"];

function through(name: string) {
  return { "kms:ViaService": `${name}.us-east-1.amazonaws.com` };
}

/** CloudWatch, or another service, acting for an alarm. Unlike EventBridge, it passes its ARN on. */
function byAlarm(
  action: string,
  resource: string,
  { account = "123456789012", alarm = "mlops-churn--dev--prod-errors", by = "cloudwatch" } = {},
): Call {
  const { sourceArn } = service("cloudwatch", `alarm:${alarm}`, account);
  return [
    { service: `${by}.amazonaws.com`, sourceArn },
    use(action, resource, { "aws:SourceAccount": account, "aws:SourceArn": sourceArn }),
  ];
}

const ownAlarms = ["errors", "latency", "no-invocations"].map(
  (name) => `mlops-churn--dev--prod-${name}`,
);
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

/** Rows of the topic, and of the key for topic and queue, where models are deployed. */
export const deployMessageRows: readonly Row[] = [
  {
    statement: "notifications AlarmNotifications",
    allows: "alarms of production publish notifications",
    calls: ownAlarms.map((alarm) => byAlarm("sns:Publish", projectTopic, { alarm })),
    denies: alarmDenials,
    neighbours: otherAlarms.map((other) => byAlarm("sns:Publish", projectTopic, other)),
  },
  {
    statement: "key AlarmNotifications",
    allows: "alarms of production encrypt notifications",
    calls: ownAlarms.flatMap((alarm) =>
      encryption.map((action) => byAlarm(action, key, { alarm })),
    ),
    denies: alarmDenials,
    neighbours: otherAlarms.map((other) => byAlarm("kms:GenerateDataKey", key, other)),
  },
  {
    statement: "key NotificationEncryption",
    beside: deployed,
    allows: "the deploy-queue role uses the KMS key through Amazon SNS",
    calls: encryption.map((action) => [session("deploy-queue"), use(action, key, through("sns"))]),
    denies: "roles that deploy, test, build or expire, calls outside Amazon SNS",
    neighbours: [
      ...["build", "deploy-staging", "deploy-prod", "test-staging", "expire-staging"].map(
        (role): Call => [session(role), use("kms:GenerateDataKey", key, through("sns"))],
      ),
      [session("deploy-queue"), use("kms:GenerateDataKey", key)],
    ],
  },
  {
    statement: "key ScheduleUndeliveredEvents",
    allows: "the expire-staging role encrypts undelivered events through Amazon SQS",
    calls: [[session("expire-staging"), use("kms:GenerateDataKey", key, through("sqs"))]],
    denies: "calls through Amazon S3 or outside Amazon SQS, other roles",
    neighbours: [
      [session("expire-staging"), use("kms:GenerateDataKey", key, through("s3"))],
      [session("expire-staging"), use("kms:GenerateDataKey", key)],
      [session("deploy-queue"), use("kms:GenerateDataKey", key, through("sqs"))],
      [anybody, use("kms:GenerateDataKey", key, through("sqs"))],
    ],
  },
  {
    statement: "undelivered-events EventBridgeUndeliveredEvents",
    beside: deployed,
    allows: "deployment rules send undelivered events",
    calls: [
      "approval",
      "staging-failed",
      "deployment-succeeded",
      "deployment-pending",
      "deployment-rejected",
      "deployment-failed",
      "deployment-rolled-back",
    ].map((name) => [rule(`mlops-churn--dev--${name}`), use("sqs:SendMessage", queue)]),
    denies: "rules of another project",
    neighbours: [[rule("mlops-churn--prod--approval"), use("sqs:SendMessage", queue)]],
  },
];

/** Row of the topic's Deny statement where models are deployed. */
export const deployMessageDenyRow: DenyRow = {
  statement: "notifications DenyOtherPublishers",
  beside: deployed,
  denies: "denies publishing by other roles of the account",
  calls: [
    [anybody, publish],
    [outsider("platform"), publish],
  ],
  allows: "the notifications role, the deploy-queue role, alarms of production",
  others: [
    [session("notifications"), publish],
    [session("deploy-queue"), publish],
    byAlarm("sns:Publish", projectTopic),
  ],
};

/** Roles of the deployment that publish nothing. */
export const publishNever: readonly Never[] = [
  "deploy",
  "deploy-staging",
  "deploy-prod",
  "test-staging",
  "serve-staging",
  "serve-prod",
  "expire-staging",
].map((role) => [`the ${role} role publishes notifications`, session(role), publish]);

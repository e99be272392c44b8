import { key, projectTopic, queue, rule, session } from "../../support/policySet";
import { outsider } from "./account";
import { deployed } from "./reach";
import { type Call, type Never, type Row, use } from "./row";

const anybody = outsider("anybody");
const publish = use("sns:Publish", projectTopic);
const encryption = ["kms:GenerateDataKey", "kms:Decrypt"];

function through(name: string) {
  return { "kms:ViaService": `${name}.us-east-1.amazonaws.com` };
}

/** Rows of the key for topic and queue, and of the queue, where models are deployed. */
export const deployMessageRows: readonly Row[] = [
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

/** Roles of the deployment that publish nothing, and EventBridge if its rules have a role. */
export const publishNever: readonly Never[] = [
  [
    "EventBridge publishes to the SNS topic without the notifications role",
    rule("mlops-churn--dev--build-failed"),
    publish,
  ],
  ...[
    "deploy",
    "deploy-staging",
    "deploy-prod",
    "test-staging",
    "serve-staging",
    "serve-prod",
    "expire-staging",
  ].map((role): Never => [`the ${role} role publishes notifications`, session(role), publish]),
];

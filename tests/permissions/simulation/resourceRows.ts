import type { Caller } from "../../../local/iam/contract";
import { bucket, key, projectTopic, queue, rule, session } from "../../support/policySet";
import { logGroup, outsider, service } from "./account";
import { type Call, ofRole, type Row, use } from "./row";
import { publishRows } from "./sharedRows";

const anybody = outsider("anybody");
const reader = outsider("audit", "210987654321");
const stranger = outsider("stranger", "210987654321");
const elsewhere = { "aws:PrincipalAccount": "210987654321" };
const foreign = { ...elsewhere, "kms:CallerAccount": "210987654321" };

function through(service: string) {
  return { "kms:ViaService": `${service}.us-east-1.amazonaws.com` };
}

const logs = "arn:aws:logs:us-east-1:123456789012:log-group";
const logging: Caller = { service: "logs.us-east-1.amazonaws.com", sourceArn: `${logs}:any` };

function encryptLog(group: string): Call {
  return [logging, use("kms:Encrypt", key, { "kms:EncryptionContext:aws:logs:arn": group })];
}

function accessLog(of: string): Call {
  const caller = { service: "logging.s3.amazonaws.com", sourceArn: of };
  return [caller, use("s3:PutObject", `${bucket}-logs/2026-11-24`)];
}

const keyRows: readonly Row[] = [
  {
    statement: "key AccountAdministration",
    allows: "roles with IAM permissions administer the KMS key",
    calls: [[anybody, use("kms:PutKeyPolicy", key)]],
    denies: "decrypting, creating grants",
    neighbours: [
      [anybody, use("kms:Decrypt", key)],
      [anybody, use("kms:CreateGrant", key)],
    ],
  },
  {
    statement: "key ArtifactDataPlane",
    allows: "project roles use the KMS key through Amazon S3",
    calls: ["pipeline", "build", "execution"].flatMap((role) => [
      [session(role), use("kms:GenerateDataKey", key, through("s3"))],
      [session(role), use("kms:Decrypt", key, through("s3"))],
    ]),
    denies: "any other role of the account",
    neighbours: [
      [anybody, use("kms:Decrypt", key, through("s3"))],
      [outsider("platform"), use("kms:GenerateDataKey", key, through("s3"))],
    ],
  },
  {
    statement: "key SageMakerVolumeGrants",
    allows: "the execution role creates grants for job volumes",
    calls: [[session("execution"), grant("sagemaker")]],
    denies: "any other role of the account",
    neighbours: [[anybody, grant("sagemaker")]],
  },
  {
    statement: "key CloudWatchLogs",
    allows: "CloudWatch Logs encrypts the build log",
    calls: [encryptLog(logGroup)],
    denies: "another log group",
    neighbours: [encryptLog(`${logs}:/aws/codebuild/mlops-churn--prod--modelbuild`)],
  },
  {
    statement: "key NotificationEncryption",
    allows: "the notifications role uses the KMS key through Amazon SNS",
    calls: ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => [
      session("notifications"),
      use(action, key, through("sns")),
    ]),
    denies: "any other role, a role of another account",
    neighbours: [
      [anybody, use("kms:Decrypt", key, through("sns"))],
      [stranger, use("kms:GenerateDataKey", key, { ...through("sns"), ...foreign })],
    ],
  },
  {
    statement: "key EventBridgeUndeliveredEvents",
    allows: "EventBridge encrypts messages of the DLQ",
    calls: ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => [
      rule(),
      use(action, key, { "kms:EncryptionContext:aws:sqs:arn": queue }),
    ]),
    denies: "another queue, the SNS topic, no encryption context",
    neighbours: [
      [rule(), use("kms:Decrypt", key, { "kms:EncryptionContext:aws:sqs:arn": `${queue}-2` })],
      [
        rule("mlops-churn--dev--build-failed"),
        use("kms:GenerateDataKey", key, { "kms:EncryptionContext:aws:sns:topicArn": projectTopic }),
      ],
      [rule(), use("kms:GenerateDataKey", key)],
    ],
  },
  {
    statement: "key UndeliveredEventsRead",
    allows: "roles with IAM permissions decrypt undelivered events",
    calls: [[anybody, use("kms:Decrypt", key, through("sqs"))]],
    denies: "another account, calls outside Amazon SQS",
    neighbours: [
      [stranger, use("kms:Decrypt", key, { ...through("sqs"), ...foreign })],
      [anybody, use("kms:Decrypt", key)],
    ],
  },
  {
    statement: "key ApproverRoles",
    allows: "approver roles decrypt through Amazon S3",
    calls: [[outsider("approver"), use("kms:Decrypt", key, through("s3"))]],
    denies: "any other role, calls outside Amazon S3, encrypting",
    neighbours: [
      [anybody, use("kms:Decrypt", key, through("s3"))],
      [outsider("approver"), use("kms:Decrypt", key)],
      [outsider("approver"), use("kms:GenerateDataKey", key, through("s3"))],
    ],
  },
  {
    statement: "key ArtifactReaders",
    allows: "reader roles decrypt artifacts through Amazon S3",
    calls: [[reader, use("kms:Decrypt", key, { ...through("s3"), ...foreign })]],
    denies: "another role of the reader's account, calls outside Amazon S3, encrypting",
    neighbours: [
      [stranger, use("kms:Decrypt", key, { ...through("s3"), ...foreign })],
      [reader, use("kms:Decrypt", key, foreign)],
      [reader, use("kms:GenerateDataKey", key, { ...through("s3"), ...foreign })],
    ],
  },
];

function grant(by: string) {
  return use("kms:CreateGrant", key, { ...through(by), "kms:GrantIsForAWSResource": "true" });
}

const artifact = `${bucket}/model.tar.gz`;

const storeRows: readonly Row[] = [
  {
    statement: "artifacts ArtifactReadersList",
    allows: "reader roles list the artifact bucket",
    calls: [[reader, use("s3:ListBucket", bucket, elsewhere)]],
    denies: "another role of the reader's account",
    neighbours: [[stranger, use("s3:ListBucket", bucket, elsewhere)]],
  },
  {
    statement: "artifacts ArtifactReadersGet",
    allows: "reader roles read artifacts and earlier object versions",
    calls: ["s3:GetObject", "s3:GetObjectVersion"].map((action) => [
      reader,
      use(action, artifact, elsewhere),
    ]),
    denies: "another role of the reader's account, writing, deleting",
    neighbours: [
      [stranger, use("s3:GetObject", artifact, elsewhere)],
      [reader, use("s3:PutObject", artifact, elsewhere)],
      [reader, use("s3:DeleteObject", artifact, elsewhere)],
    ],
  },
  {
    statement: "access-logs S3ServerAccessLogs",
    allows: "Amazon S3 delivers access logs of the artifact bucket",
    calls: [accessLog(bucket)],
    denies: "access logs of another bucket",
    neighbours: [accessLog("arn:aws:s3:::payroll")],
  },
];

const messageRows: readonly Row[] = [
  ...ofRole("notifications", publishRows),
  {
    statement: "undelivered-events EventBridgeUndeliveredEvents",
    allows: "project rules send undelivered events",
    calls: ["push", "build-failed"].map((name) => [
      rule(`mlops-churn--dev--${name}`),
      use("sqs:SendMessage", queue),
    ]),
    denies: "rules of another project, rules of another account",
    neighbours: [
      [rule("mlops-churn--prod--push"), use("sqs:SendMessage", queue)],
      [
        service("events", "rule/mlops-churn--dev--push", "210987654321"),
        use("sqs:SendMessage", queue),
      ],
    ],
  },
];

/** Rows of key, buckets, topic and queue. */
export const resourceRows: readonly Row[] = [...keyRows, ...storeRows, ...messageRows];

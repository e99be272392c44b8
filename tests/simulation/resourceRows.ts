import type { Caller } from "../../local/rehearsal/contract";
import { bucket, key, projectTopic, queue, rule, session } from "../support/court";
import { logGroup, otherKey, outsider, service } from "./account";
import { type Call, each, ofRole, type Row, use } from "./row";

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
    may: "whom IAM lets administer keys administers this one",
    calls: [[anybody, use("kms:PutKeyPolicy", key)]],
    mayNot: "use it",
    neighbours: [
      [anybody, use("kms:Decrypt", key)],
      [anybody, use("kms:CreateGrant", key)],
    ],
  },
  {
    statement: "key ArtifactDataPlane",
    may: "the project's roles use the key through S3",
    calls: ["pipeline", "build", "execution"].flatMap((role) => [
      [session(role), use("kms:GenerateDataKey", key, through("s3"))],
      [session(role), use("kms:Decrypt", key, through("s3"))],
    ]),
    mayNot: "does any other role of the account, whatever its own policies say",
    neighbours: [
      [anybody, use("kms:Decrypt", key, through("s3"))],
      [outsider("platform"), use("kms:GenerateDataKey", key, through("s3"))],
    ],
  },
  {
    statement: "key SageMakerVolumeGrants",
    may: "the execution role grants the key to the instances of its jobs",
    calls: [[session("execution"), grant("sagemaker")]],
    mayNot: "does any other role of the account",
    neighbours: [[anybody, grant("sagemaker")]],
  },
  {
    statement: "key CloudWatchLogs",
    may: "CloudWatch encrypts the build's log",
    calls: [encryptLog(logGroup)],
    mayNot: "another log",
    neighbours: [encryptLog(`${logs}:/aws/codebuild/sagemaker-churn-prod-modelbuild`)],
  },
  {
    statement: "key MessageEncryption",
    may: "the messages' role uses the key through SNS",
    calls: ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => [
      session("messages"),
      use(action, key, through("sns")),
    ]),
    mayNot: "does any other role of the account, nor another account's",
    neighbours: [
      [anybody, use("kms:Decrypt", key, through("sns"))],
      [stranger, use("kms:GenerateDataKey", key, { ...through("sns"), ...foreign })],
    ],
  },
  {
    statement: "key EventBridgeDeadLetters",
    may: "EventBridge encrypts what it leaves in the dead-letter queue",
    calls: ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => [
      rule(),
      use(action, key, { "kms:EncryptionContext:aws:sqs:arn": queue }),
    ]),
    mayNot: "what it leaves in another queue, sends to the topic or does not name",
    neighbours: [
      [rule(), use("kms:Decrypt", key, { "kms:EncryptionContext:aws:sqs:arn": `${queue}-2` })],
      [
        rule("sagemaker-churn-dev-failed"),
        use("kms:GenerateDataKey", key, { "kms:EncryptionContext:aws:sns:topicArn": projectTopic }),
      ],
      [rule(), use("kms:GenerateDataKey", key)],
    ],
  },
  {
    statement: "key DeadLetterReading",
    may: "whom IAM lets read the dead letters of the account reads them",
    calls: [[anybody, use("kms:Decrypt", key, through("sqs"))]],
    mayNot: "does another account, nor anybody but through SQS",
    neighbours: [
      [stranger, use("kms:Decrypt", key, { ...through("sqs"), ...foreign })],
      [anybody, use("kms:Decrypt", key)],
    ],
  },
  {
    statement: "key ReportApprovers",
    may: "a named approver decrypts through S3 what IAM lets it read",
    calls: [[outsider("approver"), use("kms:Decrypt", key, through("s3"))]],
    mayNot: "does any other role of the account, nor the approver without S3, nor to write",
    neighbours: [
      [anybody, use("kms:Decrypt", key, through("s3"))],
      [outsider("approver"), use("kms:Decrypt", key)],
      [outsider("approver"), use("kms:GenerateDataKey", key, through("s3"))],
    ],
  },
  {
    statement: "key ArtifactReaders",
    may: "a named reader decrypts artifacts through S3",
    calls: [[reader, use("kms:Decrypt", key, { ...through("s3"), ...foreign })]],
    mayNot: "does another role of the reader's account, nor the reader without S3, nor to write",
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
    may: "a named reader lists artifacts",
    calls: [[reader, use("s3:ListBucket", bucket, elsewhere)]],
    mayNot: "does another role of the reader's account",
    neighbours: [[stranger, use("s3:ListBucket", bucket, elsewhere)]],
  },
  {
    statement: "artifacts ArtifactReadersGet",
    may: "a named reader reads artifacts, earlier versions too",
    calls: ["s3:GetObject", "s3:GetObjectVersion"].map((action) => [
      reader,
      use(action, artifact, elsewhere),
    ]),
    mayNot: "does another role of the reader's account, nor does the reader write or delete",
    neighbours: [
      [stranger, use("s3:GetObject", artifact, elsewhere)],
      [reader, use("s3:PutObject", artifact, elsewhere)],
      [reader, use("s3:DeleteObject", artifact, elsewhere)],
    ],
  },
  {
    statement: "access-logs S3ServerAccessLogs",
    may: "S3 writes the artifact bucket's access log",
    calls: [accessLog(bucket)],
    mayNot: "another bucket's",
    neighbours: [accessLog("arn:aws:s3:::payroll")],
  },
];

const messageRows: readonly Row[] = [
  ...ofRole("messages", [
    [
      "PublishMessages",
      "publishes messages",
      [use("sns:Publish", projectTopic)],
      "on another topic, nor subscribe anybody to its own",
      [
        use("sns:Publish", projectTopic.replace("churn-dev", "churn-prod")),
        use("sns:Subscribe", projectTopic),
      ],
    ],
    [
      "MessageKey",
      "uses the key through SNS",
      each(["kms:Decrypt", "kms:GenerateDataKey"], key, through("sns")),
      "another key",
      each(["kms:Decrypt", "kms:GenerateDataKey"], otherKey, through("sns")),
    ],
  ]),
  {
    statement: "undelivered EventBridgeDeadLetters",
    may: "the project's rules leave what they could not deliver",
    calls: ["push", "failed"].map((name) => [
      rule(`sagemaker-churn-dev-${name}`),
      use("sqs:SendMessage", queue),
    ]),
    mayNot: "does another project's, or another account's",
    neighbours: [
      [rule("sagemaker-churn-prod-push"), use("sqs:SendMessage", queue)],
      [
        service("events", "rule/sagemaker-churn-dev-push", "210987654321"),
        use("sqs:SendMessage", queue),
      ],
    ],
  },
];

/** The sentences about key, buckets, topic and queue. */
export const resourceRows: readonly Row[] = [...keyRows, ...storeRows, ...messageRows];

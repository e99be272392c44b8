import type { Caller } from "../../local/rehearsal/contract";
import { bucket, key, queue, roleArn, rule, session } from "../support/court";
import { logContext, logGroup, messages, outsider } from "./account";
import { type Call, type Row, use } from "./row";

const anybody = outsider("anybody");
const reader = outsider("audit", "210987654321");
const stranger = outsider("stranger", "210987654321");
const elsewhere = { "aws:PrincipalAccount": "210987654321" };
const foreign = { ...elsewhere, "kms:CallerAccount": "210987654321" };

function through(service: string) {
  return { "kms:ViaService": `${service}.us-east-1.amazonaws.com` };
}

/** A service, for a resource of this account or another one. */
function service(name: string, rest: string, account = "123456789012"): Caller {
  const [of = ""] = name.split(".");
  const sourceArn = `arn:aws:${of}:us-east-1:${account}:${rest}`;
  return { service: `${name}.amazonaws.com`, sourceArn };
}

/** Who assumes which role, and who comes near to it. */
const trustRows = (
  [
    [
      "pipeline",
      "codepipeline",
      "sagemaker-churn-dev-modelbuild",
      "sagemaker-churn-prod-modelbuild",
    ],
    [
      "build",
      "codebuild",
      "project/sagemaker-churn-dev-modelbuild",
      "project/sagemaker-churn-prod-modelbuild",
    ],
    ["trigger", "events", "rule/sagemaker-churn-dev-push", "rule/sagemaker-churn-prod-push"],
    ["execution", "sagemaker", "pipeline/churn-dev/execution/a1b2c3", undefined],
  ] as const
).map(([role, of, own, others]): Row => {
  const assume = use("sts:AssumeRole", roleArn(role));
  const region: Caller = {
    service: "sagemaker.amazonaws.com",
    sourceArn: "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn-dev",
  };
  return {
    statement: `${role}-role trust AssumeByService`,
    may: `${of} assumes the ${role} role for ${own}`,
    calls: [[service(of, own), assume]],
    mayNot:
      "for another account's, nor for another resource; nor does another service, nor anybody",
    neighbours: [
      [service(of, own, "210987654321"), assume],
      [service(of, own), { ...assume, context: { "aws:SourceAccount": "210987654321" } }],
      [others === undefined ? region : service(of, others), assume],
      [{ ...service(of, own), service: "lambda.amazonaws.com" }, assume],
      [anybody, assume],
    ],
  };
});

const logs = "arn:aws:logs:us-east-1:123456789012:log-group";
const logging: Caller = { service: "logs.us-east-1.amazonaws.com", sourceArn: `${logs}:any` };

function encryptLog(group: string): Call {
  return [logging, use("kms:Encrypt", key, { [logContext]: group })];
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
    statement: "key EventBridgeDelivery",
    may: "EventBridge encrypts what the project's rules send",
    calls: ["push", "failed", "pending"].flatMap((name): Call[] => [
      [rule(`sagemaker-churn-dev-${name}`), use("kms:GenerateDataKey", key)],
      [rule(`sagemaker-churn-dev-${name}`), use("kms:Decrypt", key)],
    ]),
    mayNot: "what another rule sends, or another account's",
    neighbours: [
      [rule("sagemaker-churn-prod-push"), use("kms:GenerateDataKey", key)],
      [service("events", "rule/sagemaker-churn-dev-push", "210987654321"), use("kms:Decrypt", key)],
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
  {
    statement: "messages EventBridgeMessages",
    may: "the rules that have messages publish them",
    calls: ["failed", "letter", "pending", "step", "stopped"].map((name) => [
      rule(`sagemaker-churn-dev-${name}`),
      use("sns:Publish", messages),
    ]),
    mayNot: "do the push rule, another project's, another account's, nor another account's roles",
    neighbours: [
      [rule(), use("sns:Publish", messages)],
      [rule("sagemaker-churn-prod-failed"), use("sns:Publish", messages)],
      [
        service("events", "rule/sagemaker-churn-dev-failed", "210987654321"),
        use("sns:Publish", messages),
      ],
      [stranger, use("sns:Publish", messages, elsewhere)],
    ],
  },
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

/** The sentences about trust, key, buckets, topic and queue. */
export const resourceRows: readonly Row[] = [
  ...trustRows,
  ...keyRows,
  ...storeRows,
  ...messageRows,
];

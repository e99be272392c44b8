import type { Given } from "../checks/rules";
import type { Names } from "../names";
import {
  denyAll,
  type Document,
  document,
  type Extent,
  fromRules,
  readers,
  rulesOf,
  type Statement,
} from "./grammar";

/** Who may do what with the artifact bucket beyond its own account's IAM policies. */
export interface ArtifactAccess {
  administratorArns: Given[];
  executionRoleArn: Given;
  /** Whether approved models are deployed. */
  hasDeployment: boolean;
  readerRoleArns: Given[];
  requireKey: boolean;
}

/** The artifact bucket: TLS 1.2, this key and no other, source as it came, history for administrators, named readers. */
export function artifactBucketPolicy(
  names: Names,
  keyArn: Given,
  access: ArtifactAccess,
): Document {
  const { artifactBucketArn: bucket } = names;
  const objects = `${bucket}/*`;
  const upload = (Sid: string, Condition: Statement["Condition"]) =>
    denyAll(Sid, objects, "s3:PutObject", Condition);
  const algorithm = "s3:x-amz-server-side-encryption";
  const keyId = `${algorithm}-aws-kms-key-id`;

  return document([
    ...denyWeakTransport(bucket),
    // An upload without any header is fine: the bucket's default encryption uses our key. So every rule about a
    // header first asks whether it is there; a bare StringNotEquals would refuse those uploads as well.
    upload("DenyNonKmsUploads", {
      Null: { [algorithm]: "false" },
      StringNotEquals: { [algorithm]: "aws:kms" },
    }),
    upload("DenyOtherKmsKey", { Null: { [keyId]: "false" }, StringNotEquals: { [keyId]: keyArn } }),
    // KMS without a key id means the account's aws/s3 key.
    ...(access.requireKey
      ? [
          upload("DenyKmsWithoutKeyId", {
            StringEquals: { [algorithm]: "aws:kms" },
            Null: { [keyId]: "true" },
          }),
        ]
      : []),
    upload("DenySseC", { Null: { [`${algorithm}-customer-algorithm`]: "false" } }),
    // Whoever could replace the source while it waits for its build would run as the build.
    denyAll("DenySourceOverwrite", names.sourceArchiveArns, "s3:PutObject", {
      ArnEquals: { "aws:PrincipalArn": [names.buildRoleArn, access.executionRoleArn] },
    }),
    ...(access.hasDeployment ? denyDeploymentOverwrite(names, access.executionRoleArn) : []),
    ...protectHistory(bucket, access.administratorArns),
    ...readArtifacts(bucket, access.readerRoleArns),
  ]);
}

/** The log bucket: S3 writes for the artifact bucket, and CloudWatch the flow logs of a network of ours, over TLS 1.2. */
export function logBucketPolicy(names: Names, hasFlowLogs: boolean): Document {
  return document([
    ...denyWeakTransport(names.logBucketArn),
    {
      Sid: "S3ServerAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${names.logBucketArn}/*`,
      Condition: {
        ArnLike: { "aws:SourceArn": names.artifactBucketArn },
        StringEquals: { "aws:SourceAccount": names.accountId },
      },
    },
    ...(hasFlowLogs ? deliverFlowLogs(names) : []),
  ]);
}

/**
 * The topic: only the role of the project's rules publishes, over TLS; its own policy allows it. Who may subscribe is for
 * IAM to say. In its own name EventBridge would not tell SNS for which rule it publishes, so that the topic would have to
 * take messages for anybody's rule (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html).
 */
export function topicPolicy({ messageRoleArn, topicArn }: Names): Document {
  return document([
    denyAll("DenyOtherPublishers", topicArn, "sns:Publish", {
      ArnNotEquals: { "aws:PrincipalArn": messageRoleArn },
    }),
    // SNS takes no wildcard in a topic's policy; publishing is what carries anything.
    denyAll("DenyInsecureTransport", topicArn, "sns:Publish", insecure),
  ]);
}

/** The state of the deployments: over TLS 1.2, and history for administrators. Who reads and writes it is for IAM to say. */
export function stateBucketPolicy({ deploy }: Names, administratorArns: Given[]): Document {
  return document([
    ...denyWeakTransport(deploy.stateBucketArn),
    ...protectHistory(deploy.stateBucketArn, administratorArns),
  ]);
}

/** The dead-letter queue: only EventBridge sends, only for the project's rules. */
export function queuePolicy(names: Names, extent: Extent): Document {
  return document([
    {
      Sid: "EventBridgeDeadLetters",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: names.queueArn,
      Condition: fromRules(names, rulesOf(names, extent)),
    },
    denyAll("DenyInsecureTransport", names.queueArn, "sqs:*", insecure),
  ]);
}

const insecure = { Bool: { "aws:SecureTransport": "false" } };

function denyWeakTransport(bucketArn: string): Statement[] {
  const all = [bucketArn, `${bucketArn}/*`];
  return [
    denyAll("DenyInsecureTransport", all, "s3:*", insecure),
    denyAll("DenyTlsBelow12", all, "s3:*", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ];
}

/**
 * What production runs is decided by the source and by what staging hands on: nobody may replace the one but CodePipeline,
 * nor the other but staging's own build.
 */
function denyDeploymentOverwrite(
  { buildRoleArn, deploy }: Names,
  executionRoleArn: Given,
): Statement[] {
  const { artifactArns, prod, staging, test } = deploy;
  const models = [staging.serveRoleArn, prod.serveRoleArn];
  const others = [buildRoleArn, executionRoleArn, ...models, test.roleArn, prod.roleArn];
  const keep = (Sid: string, artifact: string, roleArns: Given[]) =>
    denyAll(Sid, artifact, "s3:PutObject", { ArnEquals: { "aws:PrincipalArn": roleArns } });
  return [
    keep("DenyDeploySourceOverwrite", artifactArns.source, [...others, staging.roleArn]),
    keep("DenyDeploymentOverwrite", artifactArns.deployment, others),
  ];
}

/** Without administrators the statement is left out: it would lock out everyone, the one who runs `up` included. */
function protectHistory(bucketArn: string, administratorArns: Given[]): Statement[] {
  if (administratorArns.length === 0) return [];
  return [
    denyAll("ProtectHistory", [bucketArn, `${bucketArn}/*`], endsHistory, {
      ArnNotLike: { "aws:PrincipalArn": administratorArns },
    }),
  ];
}

/** What deletes earlier versions, or takes away what keeps them: a lifecycle rule deletes too, and this policy may go. */
const endsHistory = [
  "s3:DeleteObjectVersion",
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutLifecycleConfiguration",
];

/** As CloudWatch asks for them; it names flow logs by a number, so that only account and region can be said. */
function deliverFlowLogs({ accountId, logBucketArn, partition, region }: Names): Statement[] {
  const deliver = (
    Sid: string,
    Action: string,
    Resource: string,
    acl: Record<string, string>,
  ): Statement => ({
    Sid,
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action,
    Resource,
    Condition: {
      ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:${accountId}:*` },
      StringEquals: { "aws:SourceAccount": accountId, ...acl },
    },
  });
  return [
    deliver("FlowLogs", "s3:PutObject", `${logBucketArn}/network/*`, {
      "s3:x-amz-acl": "bucket-owner-full-control",
    }),
    deliver("FlowLogsCheck", "s3:GetBucketAcl", logBucketArn, {}),
  ];
}

function readArtifacts(bucketArn: string, readerRoleArns: Given[]): Statement[] {
  const may = (Sid: string, Action: string[], Resource: string) =>
    readers(readerRoleArns, (Principal) => ({ Sid, Effect: "Allow", Principal, Action, Resource }));
  return [
    ...may("ArtifactReadersList", ["s3:ListBucket"], bucketArn),
    ...may("ArtifactReadersGet", ["s3:GetObject", "s3:GetObjectVersion"], `${bucketArn}/*`),
  ];
}

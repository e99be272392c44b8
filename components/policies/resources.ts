import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { bucketTransportStatements, keyOnlyUploadStatements } from "./bucketStatements";
import { denyDeployedModelStatements } from "./deployedModels";
import {
  denyStatement,
  type Document,
  policyDocument,
  readerStatements,
  type Statement,
} from "./statements";

/** Inputs of the artifact bucket policy. */
export interface ArtifactAccess {
  administratorArns: StringInput[];
  executionRoleArn: StringInput;
  /** Whether approved models are deployed. */
  hasDeployment: boolean;
  readerRoleArns: StringInput[];
  requireKey: boolean;
}

/**
 * S3 bucket policy of the artifact bucket: TLS 1.2, only the project key, no overwrite of sources
 * and deployed models, version deletion only by administrators, read access of named roles.
 */
export function artifactBucketPolicy(
  names: Names,
  keyArn: StringInput,
  access: ArtifactAccess,
): Document {
  const { artifactBucketArn: bucket } = names;

  return policyDocument([
    ...bucketTransportStatements(bucket),
    ...keyOnlyUploadStatements(bucket, keyArn).filter(
      ({ Sid }) => access.requireKey || Sid !== "DenyKmsWithoutKeyId",
    ),
    // A role that can replace a source archive before its build starts can run code as the build.
    denyStatement("DenySourceOverwrite", names.sourceArchiveArns, "s3:PutObject", {
      ArnEquals: { "aws:PrincipalArn": [names.buildRoleArn, access.executionRoleArn] },
    }),
    ...(access.hasDeployment
      ? [
          ...deploymentOverwriteStatements(names, access.executionRoleArn),
          ...denyDeployedModelStatements(names),
        ]
      : []),
    ...denyVersionDeletionStatements(bucket, access.administratorArns),
    ...readArtifactStatements(bucket, access.readerRoleArns),
  ]);
}

/** S3 bucket policy of the log bucket: TLS 1.2, access logs of S3, flow logs of CloudWatch Logs. */
export function logBucketPolicy(names: Names, hasFlowLogs: boolean): Document {
  return policyDocument([
    ...bucketTransportStatements(names.logBucketArn),
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
    ...(hasFlowLogs ? flowLogStatements(names) : []),
  ]);
}

/**
 * Deny statements for the inputs of production and of its approver: only CodePipeline may write the
 * source archive, only the staging build the deployment artifact, only the test build its results.
 */
function deploymentOverwriteStatements(
  { buildRoleArn, deploy }: Names,
  executionRoleArn: StringInput,
): Statement[] {
  const { artifactArns, prod, queue, staging, test } = deploy;
  const models = [staging.serveRoleArn, prod.serveRoleArn];
  const builds = [queue.roleArn, test.roleArn, prod.roleArn];
  const others = [buildRoleArn, executionRoleArn, ...models, ...builds];
  const deny = (Sid: string, artifacts: string[], roleArns: StringInput[]) =>
    denyStatement(Sid, artifacts, "s3:PutObject", { ArnEquals: { "aws:PrincipalArn": roleArns } });
  return [
    deny("DenyDeploySourceOverwrite", artifactArns.source, [...others, staging.roleArn]),
    deny("DenyDeploymentOverwrite", artifactArns.deployment, others),
    deny("DenyTestResultsOverwrite", artifactArns.results, [
      ...others.filter((it) => it !== test.roleArn),
      staging.roleArn,
    ]),
  ];
}

/** Without administrators, the statement would deny every principal, also that of `pulumi up`. */
function denyVersionDeletionStatements(
  bucketArn: string,
  administratorArns: StringInput[],
): Statement[] {
  if (administratorArns.length === 0) return [];
  return [
    denyStatement("DenyVersionDeletion", [bucketArn, `${bucketArn}/*`], versionDeletionActions, {
      ArnNotLike: { "aws:PrincipalArn": administratorArns },
    }),
  ];
}

/** Actions that delete versions, or remove their protection: lifecycle, versioning, this policy. */
const versionDeletionActions = [
  "s3:DeleteObjectVersion",
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutLifecycleConfiguration",
];

/**
 * Statements for VPC flow logs. AWS assigns the flow log ID, so the source ARN has only account and
 * region.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 */
function flowLogStatements({ accountId, logBucketArn, partition, region }: Names): Statement[] {
  const deliveryStatement = (
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
    deliveryStatement("FlowLogs", "s3:PutObject", `${logBucketArn}/network/*`, {
      "s3:x-amz-acl": "bucket-owner-full-control",
    }),
    deliveryStatement("FlowLogsCheck", "s3:GetBucketAcl", logBucketArn, {}),
  ];
}

function readArtifactStatements(bucketArn: string, readerRoleArns: StringInput[]): Statement[] {
  const allowReaders = (Sid: string, Action: string[], Resource: string) =>
    readerStatements(readerRoleArns, (Principal) => ({
      Sid,
      Effect: "Allow",
      Principal,
      Action,
      Resource,
    }));
  return [
    ...allowReaders("ArtifactReadersList", ["s3:ListBucket"], bucketArn),
    ...allowReaders(
      "ArtifactReadersGet",
      ["s3:GetObject", "s3:GetObjectVersion"],
      `${bucketArn}/*`,
    ),
  ];
}

import type * as aws from "@pulumi/aws";

import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";

/*
 * IAM statements and conditions that the policies share. Names and ARNs are plain strings, so a
 * preview shows whole documents. Only the key ARN is an output of a resource.
 */

/** IAM policy document; the ARN of the KMS key may still be unknown. */
export type Document = aws.iam.PolicyDocument;

/** IAM statement of a {@link Document}. */
export type Statement = aws.iam.PolicyStatement;

/** IAM policy document, version 2012-10-17. */
export function policyDocument(Statement: Statement[]): Document {
  return { Version: "2012-10-17", Statement };
}

/** IAM statement of an identity policy: allows these actions on these resources. */
export function allowStatement(
  Sid: string,
  Resource: StringInput | StringInput[],
  Action: string[],
  Condition?: Statement["Condition"],
): Statement {
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  };
}

/** IAM statement of a resource policy: denies these actions to every principal. */
export function denyStatement(
  Sid: string,
  Resource: string | string[],
  Action: string | string[],
  Condition?: Statement["Condition"],
): Statement {
  return {
    Sid,
    Effect: "Deny",
    Principal: "*",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  };
}

/**
 * Condition: only resources of this account. After the deletion of a bucket, another account may
 * create a bucket of the same name.
 */
export function sameAccountCondition({ accountId }: Names): Statement["Condition"] {
  return { StringEquals: { "aws:ResourceAccount": accountId } };
}

/** Condition: only through S3. The caller cannot use the key directly. */
export function viaS3Condition({ s3Service }: Names): Statement["Condition"] {
  return { StringEquals: { "kms:ViaService": s3Service } };
}

/**
 * Actions that CodePipeline and CodeBuild need on an artifact bucket.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export const artifactBucketActions = [
  "s3:GetBucketVersioning",
  "s3:GetBucketAcl",
  "s3:GetBucketLocation",
];

/** Statement with the {@link artifactBucketActions}. */
function artifactBucketStatement(names: Names): Statement {
  return allowStatement(
    "ArtifactBucketMeta",
    names.artifactBucketArn,
    artifactBucketActions,
    sameAccountCondition(names),
  );
}

/** Statements to read and write artifacts, without delete. */
export function storeArtifactStatements(names: Names, keyArn: StringInput): Statement[] {
  return [
    artifactBucketStatement(names),
    allowStatement(
      "ArtifactObjects",
      `${names.artifactBucketArn}/*`,
      ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "ArtifactKey",
      keyArn,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      viaS3Condition(names),
    ),
    allowStatement("ArtifactKeyDescribe", keyArn, ["kms:DescribeKey"]),
  ];
}

/** Statement to write to an existing log group. */
export function writeLogStatement(logGroupArn: string): Statement {
  return allowStatement("Logs", `${logGroupArn}:log-stream:*`, [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ]);
}

/**
 * Resources of a statement about log groups, in both forms: CloudWatch Logs compares some calls with
 * the ARN and others with the ARN and a suffix, and the form varies by region.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export function logGroupResources(logGroupArns: string[]): string[] {
  return logGroupArns.flatMap((arn) => [arn, `${arn}:*`]);
}

/**
 * Statement to publish SageMaker's metrics of jobs and containers. PutMetricData has no resource
 * type: only the namespace can restrict it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
export function publishMetricsStatement(Sid: string): Statement {
  return allowStatement(Sid, "*", ["cloudwatch:PutMetricData"], {
    StringLike: { "cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*"] },
  });
}

/**
 * Statements to pull images from these repositories. GetAuthorizationToken has no resource type.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export function pullImageStatements(repositoryArns: StringInput[]): Statement[] {
  return [
    allowStatement("EcrLogin", "*", ["ecr:GetAuthorizationToken"]),
    allowStatement("EcrPull", repositoryArns, [
      "ecr:BatchCheckLayerAvailability",
      "ecr:GetDownloadUrlForLayer",
      "ecr:BatchGetImage",
    ]),
  ];
}

/** Statement to pass one role to one service only. */
export function passRoleStatement(
  Sid: string,
  roleArn: StringInput,
  service = "sagemaker.amazonaws.com",
): Statement {
  return allowStatement(Sid, roleArn, ["iam:PassRole"], {
    StringEquals: { "iam:PassedToService": service },
  });
}

/** Resource-policy statement for reader roles, by ARN: other accounts may own them. */
export function readerStatements(
  roleArns: StringInput[],
  statement: (principal: { AWS: StringInput[] }) => Statement,
): Statement[] {
  return roleArns.length === 0 ? [] : [statement({ AWS: roleArns })];
}

/**
 * Condition: only a service that acts for these resources of this account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function forResourcesCondition(
  { accountId }: Names,
  resourceArns: string[],
): Statement["Condition"] {
  return {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnEquals: { "aws:SourceArn": unwrapSingle(resourceArns) },
  };
}

/** Condition of a Deny statement: only requests without TLS. */
export const insecureTransport: Statement["Condition"] = {
  Bool: { "aws:SecureTransport": "false" },
};

/** Condition of a key policy: only through one service, only principals of this account. */
export function callerCondition({ accountId }: Names, service: string) {
  return { "kms:CallerAccount": accountId, "kms:ViaService": service };
}

/** AWS returns a list of one value as the value: a list would show as a change in each preview. */
export function unwrapSingle(values: StringInput[]): StringInput | StringInput[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

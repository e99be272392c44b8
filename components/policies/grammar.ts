import type * as aws from "@pulumi/aws";

import type { Given } from "../checks/rules";
import type { Names } from "../names";

/*
 * The words in which policies are written. Names and ARNs are plain strings, so a preview shows whole documents;
 * the one thing that only AWS can give is the key's ARN.
 */

/** A policy document that may still wait for the key's ARN. */
export type Document = aws.iam.PolicyDocument;

/** One statement of a {@link Document}. */
export type Statement = aws.iam.PolicyStatement;

/** A document of the current policy language. */
export function document(Statement: Statement[]): Document {
  return { Version: "2012-10-17", Statement };
}

/** An identity's permission: exactly these actions on exactly these resources. */
export function allow(
  Sid: string,
  Resource: Given | Given[],
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

/** A refusal for everyone, whatever other policies allow. */
export function denyAll(
  Sid: string,
  Resource: string | string[],
  Action: string | string[],
  Condition: Statement["Condition"],
): Statement {
  return { Sid, Effect: "Deny", Principal: "*", Action, Resource, Condition };
}

/** Only in this account, in case a bucket's name is one day somebody else's. */
export function inAccount({ accountId }: Names): Statement["Condition"] {
  return { StringEquals: { "aws:ResourceAccount": accountId } };
}

/** Only when S3 asks for the caller: the key is of no direct use. */
export function viaS3({ s3Service }: Names): Statement["Condition"] {
  return { StringEquals: { "kms:ViaService": s3Service } };
}

/** What CodePipeline's and CodeBuild's guides ask of whoever handles artifacts: where and how the bucket keeps them. */
export function readArtifactBucket(names: Names): Statement {
  return allow(
    "ArtifactBucketMeta",
    names.artifactBucketArn,
    ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"],
    inAccount(names),
  );
}

/** What everyone who passes artifacts on may do with bucket and key. Never delete. */
export function storeArtifacts(names: Names, keyArn: Given): Statement[] {
  return [
    readArtifactBucket(names),
    allow(
      "ArtifactObjects",
      `${names.artifactBucketArn}/*`,
      ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      inAccount(names),
    ),
    allow("ArtifactKey", keyArn, ["kms:Decrypt", "kms:GenerateDataKey"], viaS3(names)),
    allow("ArtifactKeyDescribe", keyArn, ["kms:DescribeKey"]),
  ];
}

/** Writing into a log group that somebody else made. */
export function writeLog(logGroupArn: string): Statement {
  return allow("Logs", `${logGroupArn}:log-stream:*`, [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ]);
}

/** Pulls of exactly these repositories; the login itself knows no resource. */
export function pullImages(repositoryArns: Given[]): Statement[] {
  return [
    allow("EcrLogin", "*", ["ecr:GetAuthorizationToken"]),
    allow("EcrPull", repositoryArns, [
      "ecr:BatchCheckLayerAvailability",
      "ecr:GetDownloadUrlForLayer",
      "ecr:BatchGetImage",
    ]),
  ];
}

/** Handing exactly one role to SageMaker and to no other service. */
export function passToSageMaker(Sid: string, roleArn: Given): Statement {
  return allow(Sid, roleArn, ["iam:PassRole"], {
    StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" },
  });
}

/** Readers are principals by name: their own IAM policies are not ours to write. */
export function readers(
  roleArns: Given[],
  statement: (principal: { AWS: Given[] }) => Statement,
): Statement[] {
  return roleArns.length === 0 ? [] : [statement({ AWS: roleArns })];
}

/** Only for events of these rules. */
export function fromRules(
  { accountId }: Names,
  ruleArns: readonly string[],
): Statement["Condition"] {
  return {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnEquals: { "aws:SourceArn": [...ruleArns] },
  };
}

/** What a project has beside what every project has. */
export interface Extent {
  /** Whether its approved models are deployed. */
  hasDeployment: boolean;
  /** Whether a rule starts the pipeline; for a repository outside AWS, none does. */
  hasPushRule: boolean;
}

/** Every rule of the project. */
export function rulesOf(
  { deploy, messageRuleArns, ruleArn }: Names,
  { hasDeployment, hasPushRule }: Extent,
): string[] {
  return [
    ...(hasPushRule ? [ruleArn] : []),
    ...messageRuleArns,
    ...(hasDeployment ? [deploy.ruleArn, ...deploy.messageRuleArns] : []),
  ];
}

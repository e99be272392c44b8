import type { Given } from "../checks/rules";
import type { Names } from "../names";
import { type Document, document, readers, type Statement } from "./grammar";

/** Who uses the key beside the project's own roles. */
export interface KeyUse {
  approverRoleArns: Given[];
  executionRoleArn: Given;
  /** Whether approved models are deployed. */
  hasDeployment: boolean;
  readerRoleArns: Given[];
}

/**
 * The key. Data use is given to the account, narrowed to roles by name: a role as principal would have to exist first,
 * and a role made anew under the same name would lose its access without a word.
 */
export function keyPolicy(
  names: Names,
  { approverRoleArns, executionRoleArn, hasDeployment, readerRoleArns }: KeyUse,
): Document {
  const account = { AWS: names.accountRootArn };
  const { prod, staging, test } = names.deploy;
  const deployRoleArns = [staging.roleArn, prod.roleArn];
  const deployment = hasDeployment
    ? {
        data: [
          names.deploy.pipelineRoleArn,
          ...deployRoleArns,
          test.roleArn,
          staging.serveRoleArn,
          prod.serveRoleArn,
        ],
        logGroupArns: [staging.logGroupArn, test.logGroupArn, prod.logGroupArn],
        volumes: deployRoleArns,
      }
    : { data: [], logGroupArns: [], volumes: [] };

  return document([
    {
      Sid: "AccountAdministration",
      Effect: "Allow",
      Principal: account,
      Action: administer,
      Resource: "*",
    },
    {
      Sid: "ArtifactDataPlane",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        StringEquals: byAccount(names, names.s3Service),
        ArnEquals: {
          "aws:PrincipalArn": [
            names.pipelineRoleArn,
            names.buildRoleArn,
            executionRoleArn,
            ...deployment.data,
          ],
        },
      },
    },
    {
      Sid: "SageMakerVolumeGrants",
      Effect: "Allow",
      Principal: account,
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: {
        StringEquals: byAccount(names, names.sagemakerService),
        Bool: { "kms:GrantIsForAWSResource": "true" },
        ArnEquals: { "aws:PrincipalArn": oneOrAll([executionRoleArn, ...deployment.volumes]) },
      },
    },
    ...(hasDeployment ? stateSecrets(names) : []),
    {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: names.logsService },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
      ],
      Resource: "*",
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": oneOrAll([
            names.logGroupArn,
            ...deployment.logGroupArns,
          ]),
        },
      },
    },
    {
      Sid: "MessageEncryption",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        StringEquals: byAccount(names, names.snsService),
        ArnEquals: { "aws:PrincipalArn": names.messageRoleArn },
      },
    },
    // Dead letters EventBridge sends in its own name. For which rule it encrypts it may not tell KMS, so the key asks
    // what is encrypted; without this they would be lost.
    {
      Sid: "EventBridgeDeadLetters",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:sqs:arn": names.queueArn } },
    },
    // Without this nobody could read why an event was not delivered. IAM still decides who may receive messages.
    {
      Sid: "DeadLetterReading",
      Effect: "Allow",
      Principal: account,
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: byAccount(names, names.sqsService) },
    },
    ...approvers(names, approverRoleArns),
    ...readers(readerRoleArns, (Principal) => ({
      Sid: "ArtifactReaders",
      Effect: "Allow",
      Principal,
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": names.s3Service } },
    })),
  ]);
}

/** Approvers decrypt what IAM lets them read; with the bucket's policy, readers may read all of it. */
function approvers(names: Names, roleArns: Given[]): Statement[] {
  if (roleArns.length === 0) return [];
  return [
    {
      Sid: "ReportApprovers",
      Effect: "Allow",
      Principal: { AWS: names.accountRootArn },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        StringEquals: byAccount(names, names.s3Service),
        ArnEquals: { "aws:PrincipalArn": roleArns },
      },
    },
  ];
}

/** Pulumi encrypts what its state keeps secret by itself, through no other service; each stage's build for its own endpoint. */
function stateSecrets(names: Names): Statement[] {
  return [names.deploy.staging, names.deploy.prod].map(({ endpoint, roleArn, stage }) => ({
    Sid: `StateSecrets${stage === "prod" ? "Prod" : "Staging"}`,
    Effect: "Allow",
    Principal: { AWS: names.accountRootArn },
    Action: ["kms:Decrypt", "kms:Encrypt"],
    Resource: "*",
    Condition: {
      StringEquals: {
        "kms:CallerAccount": names.accountId,
        "kms:EncryptionContext:stack": endpoint,
      },
      ArnEquals: { "aws:PrincipalArn": roleArn },
    },
  }));
}

/** IAM takes a list of one, but gives it back without brackets: a preview would then show a change. */
function oneOrAll(values: Given[]): Given | Given[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** Only through one service, only by principals of this account. */
function byAccount({ accountId }: Names, service: string) {
  return { "kms:CallerAccount": accountId, "kms:ViaService": service };
}

/** Everything an administrator needs and nothing that uses the key: `kms:Create*` would silently hold CreateGrant. */
const administer = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { type Document, policyDocument, readerStatements, type Statement } from "./statements";

/** Users of the KMS key other than the roles of the project. */
export interface KeyAccess {
  approverRoleArns: StringInput[];
  executionRoleArn: StringInput;
  /** Whether approved models are deployed. */
  hasDeployment: boolean;
  readerRoleArns: StringInput[];
}

/**
 * KMS key policy. It allows data use to the account, restricted to role ARNs by a condition.
 * A role as principal would have to exist first, and a role that is recreated under the same name
 * would silently lose its access.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function keyPolicy(
  names: Names,
  { approverRoleArns, executionRoleArn, hasDeployment, readerRoleArns }: KeyAccess,
): Document {
  const account = { AWS: names.accountRootArn };
  const { prod, staging, test } = names.deploy;
  const deployRoleArns = [staging.roleArn, prod.roleArn];
  const deployment = hasDeployment
    ? {
        dataRoleArns: [
          names.deploy.pipelineRoleArn,
          ...deployRoleArns,
          test.roleArn,
          staging.serveRoleArn,
          prod.serveRoleArn,
        ],
        logGroupArns: [staging.logGroupArn, test.logGroupArn, prod.logGroupArn],
        volumeRoleArns: deployRoleArns,
      }
    : { dataRoleArns: [], logGroupArns: [], volumeRoleArns: [] };

  return policyDocument([
    {
      Sid: "AccountAdministration",
      Effect: "Allow",
      Principal: account,
      Action: administratorActions,
      Resource: "*",
    },
    {
      Sid: "ArtifactDataPlane",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        StringEquals: callerCondition(names, names.s3Service),
        ArnEquals: {
          "aws:PrincipalArn": [
            names.pipelineRoleArn,
            names.buildRoleArn,
            executionRoleArn,
            ...deployment.dataRoleArns,
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
        StringEquals: callerCondition(names, names.sagemakerService),
        Bool: { "kms:GrantIsForAWSResource": "true" },
        ArnEquals: {
          "aws:PrincipalArn": unwrapSingle([executionRoleArn, ...deployment.volumeRoleArns]),
        },
      },
    },
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
          "kms:EncryptionContext:aws:logs:arn": unwrapSingle([
            names.logGroupArn,
            ...deployment.logGroupArns,
          ]),
        },
      },
    },
    {
      Sid: "NotificationEncryption",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        StringEquals: callerCondition(names, names.snsService),
        ArnEquals: { "aws:PrincipalArn": names.notificationsRoleArn },
      },
    },
    // EventBridge sends undelivered events as a service, and passes no rule ARN to KMS. So the
    // condition is the queue. Without this statement, undelivered events are lost.
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    {
      Sid: "EventBridgeUndeliveredEvents",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:sqs:arn": names.queueArn } },
    },
    // Users need the key to read undelivered events. IAM decides who may receive messages.
    {
      Sid: "UndeliveredEventsRead",
      Effect: "Allow",
      Principal: account,
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: callerCondition(names, names.sqsService) },
    },
    ...approverStatements(names, approverRoleArns),
    ...readerStatements(readerRoleArns, (Principal) => ({
      Sid: "ArtifactReaders",
      Effect: "Allow",
      Principal,
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": names.s3Service } },
    })),
  ]);
}

/** Approvers decrypt objects that IAM allows them to read. Readers may read the whole bucket. */
function approverStatements(names: Names, roleArns: StringInput[]): Statement[] {
  if (roleArns.length === 0) return [];
  return [
    {
      Sid: "ApproverRoles",
      Effect: "Allow",
      Principal: { AWS: names.accountRootArn },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        StringEquals: callerCondition(names, names.s3Service),
        ArnEquals: { "aws:PrincipalArn": roleArns },
      },
    },
  ];
}

/** AWS returns a list of one value as the value: a list would show as a change in each preview. */
function unwrapSingle(values: StringInput[]): StringInput | StringInput[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** Condition: only through one service, only principals of this account. */
function callerCondition({ accountId }: Names, service: string) {
  return { "kms:CallerAccount": accountId, "kms:ViaService": service };
}

/** Actions to administer the key, none to use it: `kms:Create*` would include CreateGrant. */
const administratorActions = [
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

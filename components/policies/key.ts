import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { messageKeyStatements } from "./messaging";
import type { PublisherFeatures } from "./publishers";
import {
  callerCondition,
  type Document,
  policyDocument,
  readerStatements,
  type Statement,
  unwrapSingle,
} from "./statements";

/** Users of the KMS key other than the roles of the project. */
export interface KeyAccess extends PublisherFeatures {
  approverRoleArns: StringInput[];
  executionRoleArn: StringInput;
  /** Whether builds compare pull requests. */
  hasPullRequests: boolean;
  /** Whether there are trials. */
  hasTrials: boolean;
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
  {
    approverRoleArns,
    executionRoleArn,
    hasPullRequests,
    hasTrials,
    readerRoleArns,
    ...publishers
  }: KeyAccess,
): Document {
  const account = { AWS: names.accountRootArn };
  const { prod, queue, staging, test } = names.deploy;
  const deployRoleArns = [staging.roleArn, prod.roleArn];
  const deployment = publishers.hasDeployment
    ? {
        dataRoleArns: [
          names.deploy.pipelineRoleArn,
          queue.roleArn,
          ...deployRoleArns,
          test.roleArn,
          staging.serveRoleArn,
          prod.serveRoleArn,
        ],
        logGroupArns: [queue, staging, test, prod].map(({ logGroupArn }) => logGroupArn),
        volumeRoleArns: deployRoleArns,
      }
    : { dataRoleArns: [], logGroupArns: [], volumeRoleArns: [] };
  const { comment, compare } = names.pullRequests;
  const pullRequestBuilds = hasPullRequests ? [compare, comment] : [];
  const { job, pipelineRole, starter } = names.trial;
  const trials = hasTrials
    ? { dataRoleArns: [starter.arn, job.arn], volumeRoleArns: [pipelineRole.arn, job.arn] }
    : { dataRoleArns: [], volumeRoleArns: [] };

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
            ...pullRequestBuilds.map(({ roleArn }) => roleArn),
            ...trials.dataRoleArns,
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
          "aws:PrincipalArn": unwrapSingle([
            executionRoleArn,
            ...trials.volumeRoleArns,
            ...deployment.volumeRoleArns,
          ]),
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
            ...pullRequestBuilds.map(({ logGroupArn }) => logGroupArn),
            ...deployment.logGroupArns,
          ]),
        },
      },
    },
    ...messageKeyStatements(names, publishers),
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

import {
  bucketTransportStatements,
  keyOnlyUploadStatements,
} from "../components/policies/bucketStatements";
import type { AwsContext, Names } from "../components/names/names";
import {
  allowStatement,
  denyStatement,
  type Document,
  policyDocument,
  sameAccountCondition,
  type Statement,
  viaS3Condition,
} from "../components/policies/statements";
import type { StringInput } from "../components/validation/fields";

/** S3 bucket of the Pulumi state, and its KMS keys. */
export interface State {
  readonly bucketArn: string;
  readonly keyArn: StringInput;
  readonly secretsKeyArn: StringInput;
}

/** Pulumi project name of the deployed stacks. */
const PROGRAM = "model-build-pipeline";

/** S3 bucket policy of the state bucket: TLS 1.2, only the key of the state. */
export function stateBucketPolicy(bucketArn: string, keyArn: StringInput): Document {
  return policyDocument([
    ...bucketTransportStatements(bucketArn),
    ...keyOnlyUploadStatements(bucketArn, keyArn),
  ]);
}

/**
 * KMS key policy: IAM policies of the account decide, but only these roles use the key. A role that
 * may write objects of every bucket cannot write a state, and a state is code: it names providers.
 */
export function stateKeyPolicy({ accountId, partition }: AwsContext, userArns: string[]): Document {
  return policyDocument([
    {
      Sid: "AccountAdministration",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    denyStatement("DenyOtherUsers", "*", useActions, {
      ArnNotLike: { "aws:PrincipalArn": userArns },
    }),
  ]);
}

/** KMS actions on data. A grant would allow them to another principal. */
const useActions = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * Statements to read the state and the secrets of these stacks. The state of the bootstrap program
 * is in the same bucket, outside of them.
 */
export function readStateStatements(
  [names]: Names[],
  stacks: string[],
  { bucketArn, keyArn, secretsKeyArn }: State,
  keyCalls: string[],
): Statement[] {
  if (names === undefined) return [];
  const objects = stacks.flatMap((stack) => [
    `stacks/${PROGRAM}/${stack}.json*`,
    `stacks/${PROGRAM}/${stack}.pulumi-tags`,
    lockObjects(stack),
  ]);
  return [
    // Without s3:ListBucket, S3 answers 403 instead of 404 for a missing object, and the Pulumi CLI
    // fails. A condition on s3:prefix has the same effect.
    allowStatement("StateList", bucketArn, ["s3:ListBucket"], sameAccountCondition(names)),
    allowStatement(
      "StateRead",
      ["meta.yaml", ...objects].map((path) => `${bucketArn}/.pulumi/${path}`),
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
    allowStatement("StateKey", keyArn, keyCalls, viaS3Condition(names)),
    // The secrets provider of a stack sends the stack's name as encryption context.
    allowStatement("StackSecrets", secretsKeyArn, ["kms:Decrypt"], {
      StringEquals: { "kms:EncryptionContext:stack": stacks },
    }),
  ];
}

/** Statement to write the state of one stack. */
export function writeStateStatement(names: Names, stack: string, { bucketArn }: State): Statement {
  const objects = [
    `stacks/${PROGRAM}/${stack}.json*`,
    `history/${PROGRAM}/${stack}/*`,
    `backups/${PROGRAM}/${stack}/*`,
    lockObjects(stack),
  ];
  return allowStatement(
    "StateWrite",
    objects.map((path) => `${bucketArn}/.pulumi/${path}`),
    ["s3:DeleteObject", "s3:PutObject"],
    sameAccountCondition(names),
  );
}

function lockObjects(stack: string): string {
  return `locks/organization/${PROGRAM}/${stack}/*`;
}

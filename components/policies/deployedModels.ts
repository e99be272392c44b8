import type { Names } from "../names/names";
import { denyStatement, type Statement } from "./statements";

/*
 * Deployed models: staging's build copies each approved archive once, both stages create their
 * models from that copy. So production loads the bytes that staging tested.
 */

/**
 * Deny statements for the deployed models: only staging's build writes them, each only once, and
 * deletion is denied to every principal.
 * `If-None-Match` also denies multipart uploads and copies, whose calls have no such header.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function denyDeployedModelStatements({ deploy }: Names): Statement[] {
  const { deployedModelsArn, staging } = deploy;
  return [
    denyStatement("DenyDeployedModelWrites", deployedModelsArn, writeActions, {
      ArnNotEquals: { "aws:PrincipalArn": staging.roleArn },
    }),
    denyStatement("DenyDeployedModelOverwrite", deployedModelsArn, "s3:PutObject", {
      Null: { "s3:if-none-match": "true" },
    }),
    // After a deletion, If-None-Match would allow another object under the same key.
    denyStatement("DenyDeployedModelDeletion", deployedModelsArn, deletionActions),
  ];
}

/** Actions that create an object; replication has its own. */
const writeActions = ["s3:PutObject", "s3:ReplicateObject"];

/** Actions that delete an object or a version; replication has its own. */
const deletionActions = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete"];

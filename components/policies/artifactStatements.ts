import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import {
  allowStatement,
  artifactBucketActions,
  sameAccountCondition,
  type Statement,
  viaS3Condition,
} from "./statements";

/**
 * Statements of a deployment build for these objects of the artifact bucket. The bucket policy
 * denies overwrites per artifact and model.
 */
export function artifactStatements(
  names: Names,
  keyArn: StringInput,
  { hasOutput, objectArns }: { hasOutput: boolean; objectArns: string[] },
): Statement[] {
  return [
    // One statement for bucket and objects, because of the size limit of role policies.
    allowStatement(
      "ArtifactObjects",
      [names.artifactBucketArn, ...objectArns],
      [
        ...artifactBucketActions,
        "s3:GetObject",
        "s3:GetObjectVersion",
        ...(hasOutput ? ["s3:PutObject"] : []),
      ],
      sameAccountCondition(names),
    ),
    allowStatement(
      "ArtifactKey",
      keyArn,
      ["kms:Decrypt", ...(hasOutput ? ["kms:GenerateDataKey"] : [])],
      viaS3Condition(names),
    ),
  ];
}

/*
 * AWS's reference writes ARNs and condition keys with placeholders: `arn:${Partition}:s3:::${BucketName}`,
 * `kms:EncryptionContext:${EncryptionContextKey}`.
 */

/** What may hold a slash; every other placeholder stands for one part of a path. */
const holdsSlashes = ["AlarmName", "LogGroupName", "ModelPackageName", "ObjectName"].concat([
  "ParameterNameWithoutLeadingSlash",
  "RepositoryName",
  "RoleNameWithPath",
  "SecretId",
]);

/** Whether an ARN, which may hold `*`, is one of this format. */
export function isOfFormat(arn: string, format: string): boolean {
  return asPattern(format, (name) => (holdsSlashes.includes(name) ? "[^:]+" : "[^:/]+")).test(arn);
}

/** Whether a condition key is in the reference; AWS does not mind case. */
export function isKey(conditionKey: string, format: string): boolean {
  return asPattern(format, () => ".+").test(conditionKey);
}

function asPattern(format: string, standsFor: (placeholder: string) => string): RegExp {
  const parts = format.split(/(\$\{\w+\}|<\w+>)/);
  const pattern = parts.map((part) => {
    const placeholder = /^[$<]\{?(\w+)[}>]$/.exec(part)?.[1];
    return placeholder === undefined
      ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
      : standsFor(placeholder);
  });
  return new RegExp(`^${pattern.join("")}$`, "i");
}

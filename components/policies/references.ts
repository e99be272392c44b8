import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { secretReference } from "../validation/patterns";
import { allowStatement, type Statement, unwrapSingle } from "./statements";

/** Secrets and parameters of a build, by environment variable, and their KMS keys. */
export interface References {
  parameterStore: Record<string, string>;
  secretKeyArns: StringInput[];
  secretsManager: Record<string, string>;
}

/** Statements to read exactly these secrets and parameters, and to decrypt them. */
export function referenceStatements(
  names: Names,
  { parameterStore, secretKeyArns, secretsManager }: References,
): Statement[] {
  const parameters = Object.values(parameterStore)
    .map((name) => parameterArn(names, name))
    .filter(isFirst);
  const secrets = Object.values(secretsManager)
    .map((reference) => secretArn(names, reference))
    .filter(isFirst);
  const services = [
    ...(secrets.length === 0 ? [] : [names.secretsManagerService]),
    ...(parameters.length === 0 ? [] : [names.parameterStoreService]),
  ];
  return [
    ...(secrets.length === 0
      ? []
      : [allowStatement("SecretsRead", secrets, ["secretsmanager:GetSecretValue"])]),
    ...(parameters.length === 0
      ? []
      : [allowStatement("ParametersRead", parameters, ["ssm:GetParameters"])]),
    ...(secretKeyArns.length === 0
      ? []
      : [
          allowStatement("SecretKeys", secretKeyArns, ["kms:Decrypt"], {
            StringEquals: { "kms:ViaService": unwrapSingle(services) },
          }),
        ]),
  ];
}

/**
 * ARN of the secret of a reference. Without its ARN, only the name is known: Secrets Manager adds a
 * hyphen and six random characters.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
function secretArn({ accountId, partition, region }: Names, reference: string): string {
  const { id = "" } = secretReference.exec(reference)?.groups ?? {};
  if (id.startsWith("arn:")) return id;
  return `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${id}-??????`;
}

function parameterArn({ accountId, partition, region }: Names, name: string): string {
  return `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}

/** Several variables may have keys of one secret. */
function isFirst(arn: string, index: number, arns: string[]): boolean {
  return arns.indexOf(arn) === index;
}

import { z } from "zod";

import { problem } from "./errors";
import { isRecord, reservedVariableRule, ruleText } from "./fields";
import { variableLength } from "./limits";
import * as patterns from "./patterns";
import { isArn, looksSecret, printedKey } from "./redaction";

/** Environment variables of every build; `build.environment` must not override them. */
const reservedVariables = [
  "ARTIFACT_BUCKET",
  "ARTIFACT_BUCKET_KMS_ID",
  "AWS_REGION",
  "CODEPIPELINE_EXECUTION_ID",
  "MODEL_PACKAGE_GROUP_NAME",
  "PROD_ENDPOINT_NAME",
  "SAGEMAKER_PIPELINE_NAME",
  "SAGEMAKER_PIPELINE_ROLE_ARN",
  "SAGEMAKER_PROJECT_ID",
  "SAGEMAKER_PROJECT_NAME",
  "WAIT_FOR_TRAINING",
];

/**
 * Environment variables that break every build, with the reason.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 */
const breakingVariables: readonly [names: RegExp, reason: string][] = [
  [/^CODEBUILD_/, "CodeBuild reserves CODEBUILD_"],
  [/^AWS_DEFAULT_REGION$/, "CodeBuild sets the region of the build"],
  [
    /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CREDENTIAL_\w+|CONTAINER_\w+)$/,
    "the build must use the credentials of its role",
  ],
  [
    /^AWS_(PROFILE|DEFAULT_PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_\w+|WEB_IDENTITY_\w+|EC2_METADATA_\w+)$/,
    "the build must use the credentials of its role",
  ],
  [/^AWS_(ENDPOINT_URL\w*|CA_BUNDLE)$/, "the build must reach the endpoints of AWS"],
  [
    /^(PATH|HOME|PWD|OLDPWD|SHELL|SHELLOPTS|BASHOPTS|IFS|ENV|BASH_ENV|CDPATH)$/,
    "the shell of the build needs its own value",
  ],
  [/^LD_/, "the linker loads the libraries of every command with it"],
  [/^PYTHON(PATH|HOME)$/, "Python loads its modules with it"],
  [/^NODE_OPTIONS$/, "it changes every Node.js command"],
  [/^__proto__$/, "JavaScript reserves the name"],
];

/** Names that promise a password, whatever its format. `TOKENIZER` and `SECRET_ARN` do not. */
const passwordName =
  /(PASSWORD|PASSWD|PASSPHRASE|(^|_)PASS|(API|ACCESS|PRIVATE|SECRET)_?KEY|(ACCESS|API|AUTH|GITHUB|GITLAB)_?TOKEN|CREDENTIALS?)$/i;

/** Names of variables that hold a commit or a checksum, which look random. */
const hashName = /(COMMIT|SHA\d*|MD5|HASH|DIGEST|CHECKSUM|REVISION)$/i;

/** Values that are no password, also in `USE_CREDENTIALS` or `FORWARD_PASS`. */
const flagOrNumber = /^(|true|false|yes|no|on|off|\d{1,3})$/i;

/** Rule text for a secret, with the setting that gives it to the build. */
export const noSecretRule = ruleText(
  "must not be a secret, since AWS shows it in plain text: " +
    "set a reference to Secrets Manager or Parameter Store",
  { build: { secretsManager: { API_KEY: "churn/api-key" } } },
);

/** Rule text for a reference in the place of a text. */
const referenceRule = ruleText(
  "must be a text: references have the settings build.secretsManager and build.parameterStore",
  { build: { secretsManager: { TOKEN: "churn/token:key" } } },
);

/** Additional environment variables of a build, by name; see {@link environmentProblems}. */
export const environment = z.custom<Record<string, string>>(isRecord, {
  error: ruleText("must be an object of names and texts", { COUNTRY: "eu" }),
});

/** Problems of `build.environment`. Separate from the schema: zod skips the name `__proto__`. */
export function environmentProblems(variables: unknown): string[] {
  if (!isRecord(variables)) return [];
  return Object.entries(variables).flatMap(([name, value]) => {
    const rule = nameRule(name) ?? valueRule(name, value);
    return rule === undefined
      ? []
      : [problem(`build.environment.${printedKey(name)}`, rule, value)];
  });
}

/** Rule that the name of an environment variable breaks. */
export function nameRule(name: string): string | undefined {
  if (!patterns.environmentName.test(name))
    return ruleText("must be named with letters, digits and underscores", "COUNTRY");
  if (looksSecret(name)) return noSecretRule;
  if (reservedVariables.includes(name)) return reservedVariableRule(name);
  const [, reason] = breakingVariables.find(([names]) => names.test(name)) ?? [];
  return reason && ruleText(`must not be set: ${reason}`, "MY_VARIABLE");
}

function valueRule(name: string, value: unknown): string | undefined {
  if (isRecord(value)) return referenceRule;
  if (typeof value !== "string" || value.length > variableLength.max)
    return ruleText(`must be a text of at most ${String(variableLength.max)} characters`, "eu");
  if (hashName.test(name) && /^[0-9a-f]{7,64}$/i.test(value)) return undefined;
  const isPassword = passwordName.test(name) && !isArn(value) && !flagOrNumber.test(value);
  return isPassword || looksSecret(value) ? noSecretRule : undefined;
}

import { z } from "zod";

import { unknownValue } from "../resource";
import type { ResourceRule } from "../rule";

const optionalText = z
  .union([z.string(), z.custom<typeof unknownValue>((it) => it === unknownValue)])
  .optional();

const environmentShape = z.object({
  privilegedMode: z.unknown().optional(),
  environmentVariables: z
    .array(z.object({ name: optionalText, type: optionalText, value: optionalText }).catch({}))
    .catch([])
    .default([]),
});

/**
 * CodeBuild project: no privileged mode.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html
 */
export const codebuildNoPrivilegedMode: ResourceRule = {
  name: "codebuild-no-privileged-mode",
  description: "A CodeBuild project runs without privileged mode.",
  controls: ["codebuild-project-environment-privileged-check"],
  types: ["aws:codebuild/project:Project"],
  inputs: ["environment"],
  problems: ({ props }) =>
    environmentShape.safeParse(props.environment).data?.privilegedMode === true
      ? [
          "Builds run in privileged mode, so that a buildspec has root access to the build host. " +
            "Set environment.privilegedMode to false, and build images without a Docker daemon.",
        ]
      : [],
};

/**
 * CodeBuild environment variables: references to secrets, no secrets in plain text.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/codebuild-controls.html#codebuild-2
 */
export const codebuildNoPlaintextSecrets: ResourceRule = {
  name: "codebuild-no-plaintext-secrets",
  description: "A CodeBuild project has no secret in a plain-text environment variable.",
  controls: ["CodeBuild.2"],
  types: ["aws:codebuild/project:Project"],
  inputs: ["environment"],
  problems: ({ props }) =>
    (environmentShape.safeParse(props.environment).data?.environmentVariables ?? [])
      .filter(({ type }) => type === undefined || type === "PLAINTEXT")
      .filter(({ name, value }) => isSecretName(name) || isSecretValue(value))
      .map(
        ({ name }) =>
          `Variable ${String(name)} looks like a secret in plain text: every user with read access to ` +
          "the project can read it. Store the value in Secrets Manager, and set the name of the " +
          "secret with type SECRETS_MANAGER.",
      ),
};

// A reference to a secret, e.g. TOKEN_SECRET_ARN, is not a secret.
function isSecretName(name: unknown): boolean {
  return (
    typeof name === "string" &&
    /passw(or)?d|passphrase|secret|token|credential|(api|access|private)_?key/i.test(name) &&
    !/(arn|id|name|path|provider|url)$/i.test(name)
  );
}

function isSecretValue(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{22}|-----BEGIN [A-Z ]*PRIVATE KEY/.test(
      value,
    )
  );
}

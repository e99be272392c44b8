import { z } from "zod";

import { notYet } from "../resource";
import type { ResourceRule } from "../rule";

const maybe = z.union([z.string(), z.custom<typeof notYet>((it) => it === notYet)]).optional();

const environmentShape = z.object({
  privilegedMode: z.unknown().optional(),
  environmentVariables: z
    .array(z.object({ name: maybe, type: maybe, value: maybe }).catch({}))
    .catch([])
    .default([]),
});

/** A build runs without privileges. */
export const unprivilegedBuild: ResourceRule = {
  name: "builds-are-unprivileged",
  description: "A CodeBuild project does not run its builds in privileged mode.",
  types: ["aws:codebuild/project:Project"],
  reads: ["environment"],
  problems: ({ props }) =>
    environmentShape.safeParse(props.environment).data?.privilegedMode === true
      ? [
          "Builds run in privileged mode: whoever writes a buildspec rules the host. Set environment.privilegedMode to false, and build images without a Docker daemon.",
        ]
      : [],
};

/** A build's secrets are references, not values. */
export const noPlainSecret: ResourceRule = {
  name: "builds-keep-no-plain-secret",
  description: "No environment variable of a CodeBuild project holds a secret in plain text.",
  types: ["aws:codebuild/project:Project"],
  reads: ["environment"],
  problems: ({ props }) =>
    (environmentShape.safeParse(props.environment).data?.environmentVariables ?? [])
      .filter(({ type }) => type === undefined || type === "PLAINTEXT")
      .filter(({ name, value }) => isSecretName(name) || isSecretValue(value))
      .map(
        ({ name }) =>
          `Variable ${String(name)} looks like a secret, and anyone who can see the project can read it. Put the value into Secrets Manager, and its name here with type SECRETS_MANAGER.`,
      ),
};

// What only points at a secret may be read.
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

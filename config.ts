import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { refusal } from "./components/checks/problems";
import { settleStack } from "./components/settings";

/** Everything that shapes a stack. */
export type StackSettings = ReturnType<typeof settleStack>;

/** A stack's config as the engine hands it over: every value as a text, by its full key. */
export interface StackConfig {
  readonly isSecret: (key: string) => boolean;
  readonly project: string;
  readonly stack: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads the stack's config, and refuses it whole if anything in it is wrong.
 * @throws RunError with all problems at once, each naming key, rule, example and value
 */
export function loadSettings(): StackSettings {
  return settingsFrom({
    isSecret,
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
  });
}

/**
 * What a stack's config says, checked as a whole.
 * @throws RunError with all problems at once, each naming key, rule, example and value
 */
export function settingsFrom({ isSecret, project, stack, values }: StackConfig): StackSettings {
  const where = `Pulumi.${stack}.yaml`;
  const namespace = `${project}:`;
  const given: Record<string, unknown> = {};
  const secrets: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (!key.startsWith(namespace)) continue;
    const name = key.slice(namespace.length);
    given[name] = plain(value);
    if (isSecret(key)) secrets.push(`${name} ${noSecret}; got a secret`);
  }
  // First and alone, since other problems quote the values they are about.
  if (secrets.length > 0) throw refusal(where, secrets);

  return settleStack({ projectId: stack, ...given }, where);
}

const noSecret =
  "must hold no secret, since AWS shows it in plain text: pass the ARN of a Secrets Manager secret, " +
  'for example {"environment": {"API_ARN": "arn:aws:secretsmanager:..."}}';

/** The SDK has this function, but declares no type for it. */
const secrecy = z.custom<(key: string) => boolean>((it) => typeof it === "function");

function isSecret(key: string): boolean {
  return secrecy.parse(Reflect.get(pulumi.runtime, "isConfigSecret"))(key);
}

/** Pulumi hands every value over as a text; objects and lists are JSON in it. */
function plain(value: string): unknown {
  if (!/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

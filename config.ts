import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import type { ModelBuildPipelineArgs, ModelDeployPipelineArgs } from "./components";
import { getAwsContext } from "./components/shared/awsContext";
import { noSecretRule } from "./components/validation/environment";
import { assertOwnership } from "./components/validation/ownership";
import { isJsonLike, printedKey } from "./components/validation/redaction";
import { resolveStackSettings } from "./components/validation/resolveSettings";

/** Validated settings of a stack. */
export type StackSettings = ReturnType<typeof resolveStackSettings>;

/** Arguments of both components; `modelDeploy` only if the stack config enables deployment. */
export interface ComponentArgs {
  readonly modelBuild: ModelBuildPipelineArgs;
  readonly modelDeploy?: Omit<ModelDeployPipelineArgs, "modelBuild">;
}

/** Stack config from the Pulumi engine: every value as text, by its full key. */
export interface StackConfig {
  readonly isSecret: (key: string) => boolean;
  readonly project: string;
  readonly stack: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Arguments of both components from the stack config.
 * @throws RunError with all problems, each with key, rule, example and value
 */
export async function loadArgs(): Promise<ComponentArgs> {
  const settings = loadSettings();
  // The components validate this too. Here, the program stops with the message only.
  assertOwnership(settings, await getAwsContext(), "the stack config");
  return componentArgs(settings);
}

/** Arguments of both components from the settings of a stack. */
export function componentArgs({ deploy, ...modelBuild }: StackSettings): ComponentArgs {
  const { enabled, ...ownSettings } = deploy;
  const { logs, namePrefix, network, notifications, training } = modelBuild;
  const { posture, projectId, projectName } = modelBuild;
  const modelDeploy = {
    ...ownSettings,
    imageRepositoryArns: training.imageRepositoryArns,
    logs,
    namePrefix,
    notifications: { executionRole: notifications.executionRole },
    posture,
    projectId,
    projectName,
    packageIndexUrl: network.packageIndexUrl,
    permissionsBoundaryArn: modelBuild.permissionsBoundaryArn,
  };
  return { modelBuild: { ...modelBuild, deployment: enabled }, ...(enabled && { modelDeploy }) };
}

/**
 * Reads and validates the stack config.
 * @throws RunError with all problems, each with key, rule, example and value
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
 * Validates a stack config.
 * @throws RunError with all problems, each with key, rule, example and value
 */
export function settingsFrom({ isSecret, project, stack, values }: StackConfig): StackSettings {
  const namespace = `${project}:`;
  const own = Object.keys(values).filter((key) => key.startsWith(namespace));
  const nameOf = (key: string) => key.slice(namespace.length);
  // The value of a secret is not validated, so that no problem can print it.
  const refused = own
    .filter(isSecret)
    .map((key): [string, string] => [
      nameOf(key),
      `${printedKey(nameOf(key))} ${noSecretRule}; got a secret`,
    ]);
  // Not by assignment, which would lose the key `__proto__`.
  const input = Object.fromEntries(
    own
      .filter((key) => !isSecret(key))
      .map((key): [string, unknown] => [nameOf(key), parseValue(values[key] ?? "")]),
  );

  return resolveStackSettings(input, `Pulumi.${stack}.yaml`, {
    refused: new Map(refused),
    stack,
  });
}

/** Function of the Pulumi SDK without a declared type. */
const secrecy = z.custom<(key: string) => boolean>((it) => typeof it === "function");

function isSecret(key: string): boolean {
  return secrecy.parse(Reflect.get(pulumi.runtime, "isConfigSecret"))(key);
}

/** Config values are text; objects and lists are JSON. */
function parseValue(value: string): unknown {
  if (!isJsonLike(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

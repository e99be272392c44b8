import { delimiter, dirname, isAbsolute, join } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation";

import { type Cloud, loopbackEndpoint } from "./provider/cloud";

// Go and pip may need a proxy; services on loopback never do.
const LOOPBACK = "127.0.0.1,localhost,::1";

/**
 * Makes this process, and so every child, blind to the user's AWS profile and Pulumi login, and
 * gives it fake credentials instead.
 */
export function forgetTheUsersClouds(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (/^(AWS|PULUMI)_/.test(name)) Reflect.deleteProperty(env, name);
  }
  for (const name of ["NO_PROXY", "no_proxy"]) {
    env[name] = env[name] ? `${env[name]},${LOOPBACK}` : LOOPBACK;
  }
  Object.assign(env, {
    AWS_ACCESS_KEY_ID: "testing",
    AWS_SECRET_ACCESS_KEY: "testing",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    // It speaks of SDK versions to come; package.json pins those in use.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  });
}

/** Makes what the program itself calls of AWS, as when it seeds the repository, go to the emulator. */
export function pointAt(env: NodeJS.ProcessEnv, { endpoint }: Cloud): void {
  env.AWS_ENDPOINT_URL = loopbackEndpoint(endpoint);
}

/** Folders for PATH: executables that the engine finds by their names, and the Pulumi CLI. */
export function binaryFolders(
  { command }: PulumiCommand,
  ...executables: readonly ("policyHost" | "provider")[]
): string[] {
  const folders = executables.map((name) => join(__dirname, name, "bin"));
  return [...folders, dirname(command)].filter(isAbsolute);
}

/** What the engine sees on top of this process's environment: a state and a home of its own. */
export function engineEnvironment(where: {
  readonly scratch: string;
  readonly binaries: readonly string[];
}): Record<string, string> {
  return {
    PATH: [...where.binaries, process.env.PATH ?? ""].join(delimiter),
    PULUMI_BACKEND_URL: `file://${where.scratch}/state`,
    PULUMI_HOME: `${where.scratch}/home`,
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A missing provider must be an error here, not a download.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

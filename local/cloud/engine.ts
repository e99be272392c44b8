import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  type OutputMap,
  type PulumiCommand,
  type Stack,
  LocalWorkspace,
} from "@pulumi/pulumi/automation";
import { z } from "zod";

import type { Program } from "../../lib/programIn";
import { binaryFolders, engineEnvironment, pointAt } from "./environment";
import type { Change, Counts } from "./change";
import { operation } from "./operation";
import { run } from "../toolchain/processes";
import { copyProject } from "./project";
import { type Cloud, cloudFrom } from "./provider/cloud";
import { type StateResource, resourcesOf } from "../../lib/state";

/** A stack of a Pulumi program. */
export interface StackProgram {
  readonly program: Program;
  /** The folder of its `Pulumi.yaml` and stack files. */
  readonly root: string;
  readonly stackName: string;
  /** Settings that take the place of the stack file's. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folder of a policy pack that checks every preview and up. */
  readonly policyPack?: string | undefined;
  /** Config of the policy pack, unless a preview passes its own. */
  readonly policyConfig?: object;
}

const configShape = z.record(
  z.string(),
  z.object({ value: z.string().default(""), objectValue: z.unknown().optional() }),
);

/** What an update did, in full and in numbers, and what the stack says afterwards. */
export interface Update {
  readonly changes: Change[];
  readonly counts: Counts;
  readonly outputs: OutputMap;
}

/** The real Pulumi engine with a stack's program, on a state of its own that is thrown away. */
export interface Engine {
  /** The cloud as configured for the provider. */
  readonly cloud: Cloud;
  /** Checked with the given config of the policy pack. */
  readonly preview: (policyConfig?: object) => Promise<Counts>;
  readonly up: (title: string, options?: { readonly refresh: boolean }) => Promise<Update>;
  readonly destroy: () => Promise<Change[]>;
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  readonly resources: () => Promise<StateResource[]>;
  /** Runs the Pulumi CLI on the stack, as a person would, and returns what it printed. */
  readonly cli: (...args: string[]) => Promise<string>;
  readonly stackName: string;
  /** The environment and folder in which a person can do the same. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Fires when the run is to stop. */
  readonly signal: AbortSignal;
}

/** An engine for one stack, its files in `folder`; nothing is deployed yet. */
export async function openEngine(where: {
  readonly command: PulumiCommand;
  readonly endpoint: string;
  /** Where the state of every project is that knows of the others. */
  readonly scratch: string;
  /** The project's own folder; `scratch` if left out. */
  readonly folder?: string;
  readonly signal: AbortSignal;
  readonly stack: StackProgram;
}): Promise<Engine> {
  const { command, endpoint, scratch, signal } = where;
  const { folder = scratch } = where;
  const { policyConfig, policyPack, program, root, settings = {}, stackName } = where.stack;
  const withPack = (config?: object) =>
    policyPack === undefined ? {} : packOptions(policyPack, folder, config);
  mkdirSync(join(scratch, "state"), { recursive: true });
  const projectName = copyProject(root, stackName, folder, settings);
  const binaries = binaryFolders(command, "provider", "policyHost");
  const environment = engineEnvironment({ scratch, binaries });
  // No project settings are passed: the Automation API would then rewrite Pulumi.yaml.
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName, program },
    { workDir: folder, pulumiCommand: command, envVars: environment },
  );
  const providerEnvironment = {
    LOCAL_CLOUD_ENDPOINT: endpoint,
    LOCAL_CLOUD_AWS_CONFIG: JSON.stringify(await awsConfig(stack)),
  };
  // Checked here as the provider will check it, so that an unsupported setting is reported first.
  const cloud = cloudFrom(providerEnvironment);
  // An inline program runs in this process.
  pointAt(process.env, cloud);
  Object.assign(environment, providerEnvironment);
  Object.assign(stack.workspace.envVars, providerEnvironment);

  return {
    cloud,
    preview: async (config = policyConfig) => {
      const work = operation("pulumi preview", (onEvent) =>
        stack.preview({ ...withPack(config), signal, onEvent }),
      );
      return (await work).result.changeSummary;
    },
    up: async (title, options) => {
      const { result, changes } = await operation(title, (onEvent) =>
        stack.up({ ...options, ...withPack(policyConfig), signal, onEvent }),
      );
      const counts = result.summary.resourceChanges ?? {};
      return { changes, counts, outputs: result.outputs };
    },
    destroy: async () =>
      (await operation("pulumi destroy", (onEvent) => stack.destroy({ signal, onEvent }))).changes,
    outputs: async () => {
      const outputs = Object.entries(await stack.outputs());
      return Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
    },
    resources: async () => resourcesOf((await stack.exportStack()).deployment),
    cli: async (...args) => {
      const all = [...args, "--stack", stackName, "--non-interactive", "--color", "never"];
      const env = { ...process.env, ...environment };
      const { code, lines } = await run(command.command, all, { cwd: folder, env, signal });
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${lines.join("\n")}`);
      return lines.join("\n");
    },
    environment,
    folder,
    signal,
    stackName,
  };
}

/** Options that run a policy pack on an operation. */
function packOptions(policyPack: string, folder: string, config?: object) {
  const policyPacks = [policyPack];
  if (config === undefined) return { policyPacks };
  const file = join(folder, "policy-config.json");
  writeFileSync(file, JSON.stringify(config));
  return { policyPacks, policyPackConfigs: [file] };
}

/** The stack's `aws:` settings as the engine sees them, less the prefix. */
async function awsConfig(stack: Stack): Promise<Record<string, unknown>> {
  const all = configShape.parse(await stack.getAllConfig());
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith("aws:"))
      .map(([key, { value, objectValue }]) => [key.slice("aws:".length), objectValue ?? value]),
  );
}

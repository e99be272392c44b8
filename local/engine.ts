import { join } from "node:path";

import {
  type OutputMap,
  type PulumiCommand,
  type Stack,
  LocalWorkspace,
} from "@pulumi/pulumi/automation";
import { z } from "zod";

import { engineEnvironment } from "./environment";
import { type Change, type Counts, operation } from "./operation";
import { copyProject } from "./project";
import { type Cloud, cloudFrom } from "./provider/cloud";

const ROOT = join(__dirname, "..");

const programShape = z.custom<() => Promise<Record<string, unknown>>>(
  (value) => typeof value === "function",
  "index.ts must export a function that returns the outputs",
);

const configShape = z.record(
  z.string(),
  z.object({ value: z.string().default(""), objectValue: z.unknown().optional() }),
);

const deploymentShape = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        id: z.string().default(""),
        custom: z.boolean().default(false),
        protect: z.boolean().default(false),
        outputs: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
});

/** A resource as the engine's state has it. */
type StateResource = z.output<typeof deploymentShape>["resources"][number];

/** What an update did, in full and in numbers, and what the stack says afterwards. */
interface Update {
  readonly changes: Change[];
  readonly counts: Counts;
  readonly outputs: OutputMap;
}

/** The real Pulumi engine with this project's program, on a state of its own that is thrown away. */
export interface Engine {
  /** The cloud as the provider is told of it. */
  readonly cloud: Cloud;
  readonly preview: () => Promise<Counts>;
  readonly up: (title: string) => Promise<Update>;
  readonly destroy: () => Promise<Change[]>;
  readonly resources: () => Promise<StateResource[]>;
}

/** An engine for one stack, its files in `scratch`; nothing is deployed yet. */
export async function openEngine(where: {
  readonly command: PulumiCommand;
  readonly endpoint: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly stackName: string;
}): Promise<Engine> {
  const { command, endpoint, scratch, signal, stackName } = where;
  const projectName = copyProject(ROOT, stackName, scratch);
  const binaries = [join(__dirname, "provider", "bin")];
  // No project settings are passed: the Automation API would then rewrite Pulumi.yaml.
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName, program: runProgram },
    {
      workDir: scratch,
      pulumiCommand: command,
      envVars: engineEnvironment({ scratch, binaries }),
    },
  );
  const providerEnvironment = {
    LOCAL_CLOUD_ENDPOINT: endpoint,
    LOCAL_CLOUD_AWS_CONFIG: JSON.stringify(await awsConfig(stack)),
  };
  // Checked here as the provider will check it, so that a setting it cannot honour is told first.
  const cloud = cloudFrom(providerEnvironment);
  Object.assign(stack.workspace.envVars, providerEnvironment);

  return {
    cloud,
    preview: () =>
      operation("preview", (onEvent) => stack.preview({ signal, onEvent })).then(
        ({ result }) => result.changeSummary,
      ),
    up: async (title) => {
      const { result, changes } = await operation(title, (onEvent) =>
        stack.up({ signal, onEvent }),
      );
      const counts = result.summary.resourceChanges ?? {};
      return { changes, counts, outputs: result.outputs };
    },
    destroy: async () =>
      (await operation("destroy", (onEvent) => stack.destroy({ signal, onEvent }))).changes,
    resources: async () => deploymentShape.parse((await stack.exportStack()).deployment).resources,
  };
}

/** Loaded on the first run, so that a preview is measured with the time that loading takes. */
async function runProgram(): Promise<Record<string, unknown>> {
  const module: unknown = await import(join(ROOT, "index"));
  const exported = z.object({ default: programShape }).safeParse(module);
  return programShape.parse(exported.success ? exported.data.default : module)();
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

import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  ConcurrentUpdateError,
  LocalWorkspace,
  PulumiCommand,
  type PulumiFn,
} from "@pulumi/pulumi/automation";
import { z } from "zod";

import type { Environment } from "./environment";
import type { Engine } from "./tools";

const exportShape = z.object({ deployment: z.unknown() });

interface Opened {
  readonly environment: Environment;
  /** The program that the stack runs. */
  readonly program: PulumiFn;
  /** Told everything that the engine prints. */
  readonly show: (text: string) => void;
  /** Ends an update in good order. */
  readonly signal: AbortSignal;
  /** Where what was downloaded is kept for the next build. */
  readonly cache: string;
}

/**
 * The Pulumi engine on a stage's stack. Its files lie in a folder that is thrown away: the state is the only place that anything is
 * remembered in.
 */
export async function openEngine({
  cache,
  environment,
  program,
  show,
  signal,
}: Opened): Promise<Engine> {
  const { backendUrl, region, secretsProvider, stage } = environment;
  const folder = mkdtempSync(join(tmpdir(), "model-endpoint-"));
  copyFileSync(join(__dirname, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const configure = (settings: Readonly<Record<string, unknown>>): void => {
    const config: Record<string, unknown> = { "aws:region": region };
    for (const [key, value] of Object.entries(settings)) config[`model-endpoint:${key}`] = value;
    // JSON is YAML too.
    const file = JSON.stringify({ secretsprovider: secretsProvider, config });
    writeFileSync(join(folder, `Pulumi.${stage}.yaml`), file);
  };
  configure({});
  const home = process.env.PULUMI_HOME ?? join(cache, "pulumi-home");
  mkdirSync(home, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    // No project settings are passed: the Automation API would then rewrite Pulumi.yaml.
    { stackName: stage, projectName: "model-endpoint", program },
    {
      workDir: folder,
      pulumiCommand: await pulumiCommand(join(cache, "pulumi"), show),
      secretsProvider,
      envVars: {
        PULUMI_BACKEND_URL: backendUrl,
        PULUMI_HOME: home,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
  const options = { color: "never", onOutput: show, signal } as const;
  return {
    isLocked: (error) => error instanceof ConcurrentUpdateError,
    remove: async (urns) => {
      await stack.destroy({ ...options, target: [...urns], targetDependents: true });
    },
    restore: async (deployment) => {
      await stack.importStack({ version: 3, deployment });
    },
    state: async () => exportShape.parse(await stack.exportStack()).deployment,
    unlock: () => stack.cancel(),
    up: async (settings) => {
      configure({ ...settings });
      await stack.up({ ...options, refresh: true });
    },
  };
}

/** The CLI on PATH if it is new enough for the SDK, else the official one of the SDK's version. */
async function pulumiCommand(root: string, show: Opened["show"]): Promise<PulumiCommand> {
  try {
    return await PulumiCommand.get();
  } catch {
    show("the Pulumi CLI is not on PATH, or too old: getting it from get.pulumi.com\n");
    return PulumiCommand.install({ root });
  }
}

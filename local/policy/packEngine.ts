import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  type EngineEvent,
  LocalWorkspace,
  type PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";

import { engineEnvironment } from "../environment";
import { withoutColours } from "../progress";
import { nameOf } from "../state";

const ROOT = join(__dirname, "..", "..");

/** Something that the pack refused: a rule by its name, and the resource's name. */
export interface Refusal {
  readonly rule: string;
  readonly name: string;
  readonly urn: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** The real engine with the policy pack, and a provider that makes nothing. */
export interface PackEngine {
  /** What the pack refuses at a preview of a program. */
  readonly preview: (program: () => void, config?: object) => Promise<Refusal[]>;
  /** The same at an update, and the state that it leaves. */
  readonly up: (program: () => void) => Promise<{ refused: Refusal[]; deployment: unknown }>;
}

/** An engine for a stack of a project that is nobody's. */
export async function openPackEngine(where: {
  readonly command: PulumiCommand;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly stackName: string;
}): Promise<PackEngine> {
  const { command, scratch, signal, stackName } = where;
  const workDir = join(scratch, stackName);
  mkdirSync(join(scratch, "state"), { recursive: true });
  mkdirSync(workDir);
  writeFileSync(join(workDir, "Pulumi.yaml"), "name: planted\nruntime: nodejs\n");
  writeFileSync(join(workDir, `Pulumi.${stackName}.yaml`), "config:\n  aws:region: us-east-1\n");
  const binaries = [join(__dirname, "anyAws", "bin"), join(__dirname, "bin")];
  let program = (): void => undefined;
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      stackName,
      projectName: "planted",
      program: async () => {
        program();
        return Promise.resolve({});
      },
    },
    { workDir, pulumiCommand: command, envVars: engineEnvironment({ scratch, binaries }) },
  );
  const file = join(workDir, "config.json");
  const run = (next: () => void, config: object, operation: "preview" | "up") => {
    program = next;
    writeFileSync(file, JSON.stringify(config));
    const packs = { policyPacks: [join(ROOT, "policy")], policyPackConfigs: [file] };
    return refusals(stack, operation, { ...packs, signal });
  };
  return {
    preview: (next, config = {}) => run(next, config, "preview"),
    up: async (next) => {
      const refused = await run(next, {}, "up");
      return { refused, deployment: (await stack.exportStack()).deployment };
    },
  };
}

/** What packs refused; a failure of which they are not the reason is one. */
async function refusals(
  stack: Stack,
  operation: "preview" | "up",
  options: { policyPacks: string[]; policyPackConfigs: string[]; signal: AbortSignal },
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  const onEvent = ({ policyEvent: it }: EngineEvent): void => {
    if (it?.enforcementLevel !== "mandatory") return;
    const { message, policyName: rule, resourceUrn = "" } = it;
    const name = nameOf(resourceUrn);
    refused.push({ rule, name, urn: resourceUrn, message: withoutDescription(message) });
  };
  try {
    await (operation === "up"
      ? stack.up({ ...options, onEvent })
      : stack.preview({ ...options, onEvent }));
  } catch (error) {
    if (refused.length === 0) throw error;
  }
  return refused;
}

// The engine puts the rule's description first, on a line of its own.
function withoutDescription(message: string): string {
  return withoutColours(message).split("\n").slice(1).join(" ").trim();
}

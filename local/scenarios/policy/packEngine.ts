import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  type EngineEvent,
  LocalWorkspace,
  type PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";

import { engineEnvironment } from "../../cloud/environment";
import { withoutColours } from "../../../lib/progress";
import { nameOf } from "../../../lib/state";
import { policyPack } from "../thisProject";

/** Violation that the policy pack reported. */
export interface Violation {
  readonly rule: string;
  readonly name: string;
  readonly urn: string;
  /** Problem and fix. */
  readonly message: string;
}

/** Pulumi engine with the policy pack and the mock provider. */
export interface PackEngine {
  /** Previews a program. Returns the violations. */
  readonly preview: (program: () => void, config?: object) => Promise<Violation[]>;
  /** Runs `pulumi up` for a program. Returns the violations and the state. */
  readonly up: (program: () => void) => Promise<{ violations: Violation[]; deployment: unknown }>;
}

/** Opens the engine for a stack of a test project. */
export async function openPackEngine(options: {
  readonly command: PulumiCommand;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly stackName: string;
}): Promise<PackEngine> {
  const { command, scratch, signal, stackName } = options;
  const workDir = join(scratch, stackName);
  mkdirSync(join(scratch, "state"), { recursive: true });
  mkdirSync(workDir);
  writeFileSync(join(workDir, "Pulumi.yaml"), "name: policy-test\nruntime: nodejs\n");
  writeFileSync(join(workDir, `Pulumi.${stackName}.yaml`), "config:\n  aws:region: us-east-1\n");
  const binaries = [
    join(__dirname, "mockAws", "bin"),
    join(__dirname, "..", "..", "cloud", "policyHost", "bin"),
  ];
  let program = (): void => undefined;
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      stackName,
      projectName: "policy-test",
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
    const packs = { policyPacks: [policyPack], policyPackConfigs: [file] };
    return collectViolations(stack, operation, { ...packs, signal });
  };
  return {
    preview: (next, config = {}) => run(next, config, "preview"),
    up: async (next) => {
      const violations = await run(next, {}, "up");
      return { violations, deployment: (await stack.exportStack()).deployment };
    },
  };
}

/** Runs a preview or update. Errors other than violations are thrown. */
async function collectViolations(
  stack: Stack,
  operation: "preview" | "up",
  options: { policyPacks: string[]; policyPackConfigs: string[]; signal: AbortSignal },
): Promise<Violation[]> {
  const violations: Violation[] = [];
  const onEvent = ({ policyEvent }: EngineEvent): void => {
    if (policyEvent?.enforcementLevel !== "mandatory") return;
    const { message, policyName: rule, resourceUrn = "" } = policyEvent;
    const name = nameOf(resourceUrn);
    violations.push({ rule, name, urn: resourceUrn, message: withoutDescription(message) });
  };
  try {
    await (operation === "up"
      ? stack.up({ ...options, onEvent })
      : stack.preview({ ...options, onEvent }));
  } catch (error) {
    if (violations.length === 0) throw error;
  }
  return violations;
}

// The first line of the message is the description of the rule.
function withoutDescription(message: string): string {
  return withoutColours(message).split("\n").slice(1).join(" ").trim();
}

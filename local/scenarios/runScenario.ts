import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { forgetTheUsersClouds } from "../cloud/environment";
import { INTERRUPTED, catchInterrupts } from "../toolchain/interrupt";
import { print } from "../../lib/progress";
import { messageOf } from "../../lib/errors";
import { type Steps, startSteps } from "../report/steps";

const ROOT = join(__dirname, "..", "..");

/** Input of a scenario. */
export interface ScenarioWork {
  /** Folder of the code to push instead of the starter. */
  readonly code?: string | undefined;
  /** File of the denials that the user expects of that code. */
  readonly expectedDenials?: string | undefined;
  /** Folder outside of this project, for other projects; deleted at the end. */
  readonly folder: string;
  readonly full: boolean;
  readonly signal: AbortSignal;
  readonly steps: Steps;
}

type Scenario = (work: ScenarioWork) => Promise<void>;

/** Scenarios by name, in `local/scenarios/`. Each loads late: the others need none of its packages. */
const scenarios = {
  consumer: async () => (await import("./consumer")).consumer,
  e2e: async () => (await import("./e2e")).e2e,
  examples: async () => (await import("./workflows/bootstrap")).examples,
  "moving-over": async () => (await import("./movingOver")).movingOver,
  other: async () => (await import("./otherProgram")).otherProgram,
  package: async () => (await import("./package")).packageScenario,
  pullRequest: async () => (await import("./pullRequest")).pullRequest,
  policy: async () => (await import("./policy")).policy,
  prove: async () => (await import("./prove")).prove,
  template: async () => (await import("./template")).template,
  trial: async () => (await import("./trial")).trial,
} satisfies Readonly<Record<string, () => Promise<Scenario>>>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios);

/** Whether a scenario has this name. */
export function isScenarioName(name: string): name is ScenarioName {
  return scenarioNames.includes(name);
}

/** Runs a scenario; returns the exit code. */
export async function runScenario(
  name: ScenarioName,
  options: Pick<ScenarioWork, "code" | "expectedDenials" | "full">,
): Promise<number> {
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const folder = mkdtempSync(join(tmpdir(), "model-build-pipeline-"));
  const steps = startSteps();
  try {
    const scenario: Scenario = await scenarios[name]();
    await scenario({ ...options, folder, signal, steps });
    print(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return signal.aborted ? INTERRUPTED : 1;
  } finally {
    endLeftovers();
    rmSync(folder, { recursive: true, force: true });
  }
}

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Engine } from "../cloud/engine";
import { type Programs, preparePrograms } from "../toolchain/venv";
import { run } from "../toolchain/processes";
import { prepareTools, withLocalCloud } from "../index";
import { print } from "../../lib/progress";
import type { Decision } from "../iam/contract";
import { beside, together, type Other } from "../services/beside";
import type { Approver } from "../services/codepipeline/approval";
import { emulatedAction } from "../services/eventbridge/executionState";
import { isInProgress, runUntilIdle } from "../services/runUntilIdle";
import { mustBeAllowed } from "../report/denials";
import { checkOut } from "./workflows/checkout";
import { scriptArguments } from "./npmScript";
import { outsideEvents } from "./outsideEvents";
import type { ScenarioWork } from "./runScenario";
import { type Opened, openTestEnvironment } from "./testEnvironment";
import { ROOT, thisProject } from "./thisProject";

const STACK = "dev";
const LOOK_EVERY_MS = 200;

// The two builds only collect the tests of the starter: they take minutes, and the end-to-end run has
// them.
const settings = { "build.environment": { PYTEST_ADDOPTS: "--collect-only" } };

/** `npm run prove` on the local cloud, beside the simulated AWS services. */
export async function prove({ signal, steps: { step } }: ScenarioWork): Promise<void> {
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  const programs = await preparePrograms(signal);
  await withLocalCloud(tools, { ...thisProject, stackName: STACK }, signal, async (engine) => {
    const decisions: Decision[] = [];
    await step("npm run prove passes; what only AWS can show is not checked", async () => {
      decisions.push(...(await proveOn(engine, programs)));
    });
    await step("IAM allows every call of every role", () => {
      mustBeAllowed(decisions);
      return Promise.resolve();
    });
  });
}

async function proveOn(engine: Engine, programs: Programs): Promise<readonly Decision[]> {
  const { folder } = checkOut(join(engine.folder, "checkout"), STACK, settings);
  const lines: string[] = [];
  const hasPrinted = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  const options = ["--stack", STACK, "--yes", "--output", join(ROOT, ".local")];
  let decisions: readonly Decision[] = [];
  const command = async (signal: AbortSignal) => {
    const { code } = await run(process.execPath, scriptArguments("prove", ...options), {
      cwd: folder,
      env: { ...process.env, ...engine.environment, AWS_REGION: engine.cloud.region },
      onLine: (line) => {
        lines.push(line);
        print(`    ${line}`);
      },
      signal,
    });
    if (code !== 0) throw new Error(`npm run prove: exit code ${String(code)}`);
  };
  const services: Other = async (isOver) => {
    while (!isOver() && !hasPrinted(/^up: passed/)) await sleep(LOOK_EVERY_MS);
    if (isOver()) return;
    const opened = await openTestEnvironment(engine, programs);
    try {
      // After the last step, or a failed one, the command deletes everything.
      await together(...simulated(opened))(() => isOver() || hasPrinted(/^durations:|: failed \(/));
      await opened.deployment?.hosting.run(isOver);
    } finally {
      decisions = opened.testEnvironment.context.proxy.decisions;
      await opened.close();
    }
  };
  await beside(command, [services], engine.signal);
  return decisions;
}

/** The AWS services of a deployed stack, for as long as the command uses them. */
function simulated({ source, testEnvironment }: Opened): Other[] {
  const { meanwhile, only: _, ...others } = testEnvironment;
  const { context } = testEnvironment;
  // Waits until the command has decided.
  const approver: Approver = async ({ actionName, executionId, pipelineName, stageName }) => {
    const place = { actionName, executionId, pipelineName, stageName };
    while ((await emulatedAction(context, place)).status === "InProgress")
      await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
    return { answer: "decided", comment: "by npm run prove" };
  };
  const runs: Other = async (isOver) => {
    while (!isOver())
      if (await isInProgress(context)) await runUntilIdle({ ...others, approver });
      else await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
  };
  return [runs, outsideEvents(source, testEnvironment), ...(meanwhile ? [meanwhile] : [])];
}

import { readExpectedDenials } from "../report/denials";
import { readFolder } from "./readFolder";
import { runE2e } from "./endToEnd";
import { keptStack } from "./keptStack";
import { prepareTools } from "../index";
import { preparePrograms } from "../toolchain/venv";
import { reportRequests } from "../cloud/requestCounts";
import { ROOT } from "./thisProject";
import type { ScenarioWork } from "./runScenario";

/**
 * End-to-end run, from a push to a registered model, on the kept local cloud. The first run simulates
 * the first execution of the new pipeline, later runs simulate a push.
 */
export async function e2e({
  code,
  expectedDenials,
  full,
  signal,
  steps,
}: ScenarioWork): Promise<void> {
  const tools = await prepareTools(signal);
  const files = code === undefined ? undefined : await readFolder(code, signal);
  const denials = expectedDenials === undefined ? [] : readExpectedDenials(expectedDenials);
  const programs = await preparePrograms(signal);
  const stack = keptStack(ROOT, tools, signal);
  await runE2e(stack, steps, {
    code: files,
    deploys: full,
    everyCase: true,
    expectedDenials: denials,
    full,
    programs,
  });
  await reportRequests(stack.cloud.endpoint);
}

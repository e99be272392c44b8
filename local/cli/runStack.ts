import type { Options } from "./options";
import { forgetTheUsersClouds } from "../cloud/environment";
import { INTERRUPTED, catchInterrupts } from "../toolchain/interrupt";
import { explainKept } from "./keep";
import { type Engine, prepareTools, withLocalCloud } from "../index";
import { preparePrograms } from "../toolchain/venv";
import { ROOT, policyPack, thisProject } from "../scenarios/thisProject";
import { countsText } from "../cloud/change";
import { print, secondsSince } from "../../lib/progress";
import { readExpectedDenials } from "../report/denials";
import { readFolder } from "../scenarios/readFolder";
import { createExistingResources, sourceExample } from "../scenarios/existingSource";
import { messageOf } from "../../lib/errors";
import { startSteps } from "../report/steps";

/** Runs the steps of `npm run local`; returns the exit code. */
export async function runSteps({
  code,
  expectedDenials,
  keep,
  network,
  preview,
  resources,
  settings,
  source,
  stack,
}: Options): Promise<number> {
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const steps = startSteps();
  const spared: number[] = [];
  try {
    const denials = expectedDenials === undefined ? [] : readExpectedDenials(expectedDenials);
    const tools = await steps.step("tools: Pulumi CLI and Python environment are ready", () =>
      prepareTools(signal),
    );
    const instead = {
      ...(source === undefined ? {} : { source: sourceExample(source) }),
      // The folder's own code is to be the first push.
      ...(code === undefined || source !== undefined ? {} : { "source.codecommit.seed": false }),
      ...settings,
    };
    const work = async (engine: Engine, keepIt: () => number): Promise<void> => {
      const existing = await createExistingResources(engine, {
        hasNetwork: network,
        resources,
        source,
      });
      if (preview) return measurePreview(engine, stack);
      // Loaded late: AWS SDK clients would count in a preview's memory.
      if (!keep) {
        const files = code === undefined ? undefined : await readFolder(code, signal);
        const extent = {
          // A private network excludes it.
          canBeServerless: !network && settings["deploy.staging.kind"] === undefined,
          code: files,
          // Another source would take as long, and show the same.
          deploys: source === undefined,
          // A network changes nothing about the rest.
          everyCase: !network,
          expectedDenials: denials,
          programs: await preparePrograms(signal),
        };
        return (await import("../scenarios/lifecycle")).lifecycle(engine, steps, existing, extent);
      }
      await (await import("../scenarios/doctor")).deployWithDoctor(engine, steps, existing);
      spared.push(keepIt());
      explainKept(engine, tools);
    };
    // A preview is measured alone.
    const checkedBy = preview ? undefined : policyPack;
    const stackProgram = {
      ...thisProject,
      policyPack: checkedBy,
      settings: instead,
      stackName: stack,
    };
    await withLocalCloud(tools, stackProgram, signal, work);
    if (!preview) print(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      endLeftovers(spared);
      print("stopped; no process is left running");
      return INTERRUPTED;
    }
    console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return 1;
  } finally {
    endLeftovers(spared);
  }
}

async function measurePreview(engine: Engine, stack: string): Promise<void> {
  const started = Date.now();
  const counts = await engine.preview();
  const took = secondsSince(started);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024).toString();
  print(`  ${countsText(counts)}`);
  print(`cold preview of ${stack}: ${took}, peak memory of the program ${peak} MB`);
}

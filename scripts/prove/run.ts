import { lineOf } from "../doctor/finding";
import { examineQuotas } from "../doctor/quotas";
import { deleteEverything, destroy } from "./cleanUp";
import { checkDefinition } from "./definition";
import { decide, failCanary, mustServe, push, waitForVersion, waitUntilIdle } from "./delivery";
import { comparedDenials, denialsOf } from "./denials";
import { compareDurations } from "./durations";
import { differences, type Event, receiveEvents, sampleEvents, sourcesOf } from "./events";
import { checkImage } from "./image";
import { createGuard, deleteGuard } from "./guard";
import { type Kit, mustBeAws } from "./kit";
import { startSteps, type StepName, type StepResult } from "./steps";
import { guardedBy } from "./target";

/** What a run found. */
export interface Evidence {
  readonly events: readonly Event[];
  readonly steps: readonly StepResult[];
}

type Step = readonly [name: StepName, work: (kit: Kit) => Promise<string[]>];

/**
 * Deploys the stack, runs it from the first model version to a rejected one, and deletes everything,
 * also after a failure, the deadline or an interruption.
 * @param isInterrupted whether the user stopped the run, and waits for its end
 */
export async function prove(
  run: Omit<Kit, "report">,
  { isInterrupted, print }: { isInterrupted: () => boolean; print: (line: string) => void },
): Promise<Evidence> {
  const steps = startSteps(print, run.isAws);
  const samples = sampleEvents();
  const guarded = guardedBy(run.target);
  const step = (where: typeof run, [name, work]: Step) =>
    steps.run(name, (report) => work({ ...where, report }));
  const flow: Step[] = [
    ["guard", (kit) => createGuard(kit, guarded, sourcesOf(samples))],
    ...stepsOfRun(),
  ];
  for (const one of flow) if (!(await step(run, one))) break;

  // The rest is done after the deadline too.
  const last = { ...run, signal: new AbortController().signal };
  const isDeployed = steps.isReached("up");
  // Without the stack's roles, endpoints would go on.
  const isDeleted =
    !isDeployed ||
    ((await step(last, ["delete", deleteEverything])) && (await step(last, ["destroy", destroy])));
  const events: Event[] = [];
  if (isDeployed && !isInterrupted()) {
    await step(last, ["denials", compareDenials]);
    await step(last, ["events", (kit) => compareEvents(kit, events, samples)]);
  }
  // The schedules stay until the endpoints are deleted.
  if (isDeleted) await step(last, ["unguard", ({ clients }) => deleteGuard(clients, guarded)]);
  return { events, steps: steps.all() };
}

function stepsOfRun(): Step[] {
  let versionArn = "";
  return [
    ["quotas", checkQuotas],
    ["definition", checkDefinition],
    ["up", deploy],
    ["first-run", async (kit) => [(versionArn = await waitForVersion(kit, 1))]],
    ["image", (kit) => checkImage(kit, versionArn)],
    // The second training runs beside the first deployment.
    ["push", async (kit) => [`commit ${await push(kit)}`]],
    ["deploy", (kit) => mustEnd(kit, 1, "Approved", "Succeeded")],
    ["second-version", async (kit) => [await waitForVersion(kit, 2)]],
    ["rollback", (kit) => mustEnd(kit, 2, "Approved", "Failed", () => failCanary(kit))],
    ["reject", (kit) => mustEnd(kit, 2, "Rejected", "Stopped")],
    ["durations", compareDurations],
  ];
}

async function checkQuotas({ quota, target }: Kit): Promise<string[]> {
  const stack = { resourceIds: new Set<string>(), settings: target.settings };
  const findings = await examineQuotas({ quota }, stack, target.context);
  const lines = findings.map(lineOf);
  if (findings.some(({ kind }) => kind === "fix")) throw new Error(lines.join("\n"));
  return lines;
}

async function deploy({ report, signal, stack }: Kit): Promise<string[]> {
  const { summary } = await stack.up({ onOutput: report, signal });
  return [`${String(summary.resourceChanges?.create ?? 0)} resources created`];
}

/** Passes only if the deployment ends like this, and production serves version 1 then. */
async function mustEnd(
  kit: Kit,
  version: number,
  decision: "Approved" | "Rejected",
  expected: string,
  during?: () => Promise<void>,
): Promise<string[]> {
  const { id, status } = await decide(kit, version, decision, during);
  const ended = `version ${String(version)} ${decision}: execution ${id} ${status}`;
  if (status !== expected) throw new Error(`expected ${expected}, got ${ended}`);
  await waitUntilIdle(kit);
  return [ended, await mustServe(kit, 1)];
}

async function compareDenials(kit: Kit): Promise<string[]> {
  mustBeAws(kit);
  const lines = comparedDenials(await denialsOf(kit), kit.target.stem);
  if (lines.length > 0) throw new Error(lines.join("\n"));
  return [
    "no role of the project was denied a call, except data events, which CloudTrail does not have here",
  ];
}

async function compareEvents(
  kit: Kit,
  events: Event[],
  samples: readonly Event[],
): Promise<string[]> {
  events.push(...(await receiveEvents(kit)));
  if (events.length === 0) throw new Error("expected events in the queue, got none");
  const { further, wrong } = differences(events, samples);
  const lines = [`${String(events.length)} events`, ...further];
  mustBeAws(kit, [...lines, ...wrong]);
  if (wrong.length > 0) throw new Error([...wrong, ...lines].join("\n"));
  return lines;
}

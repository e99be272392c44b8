import { isAnsweredYes } from "../../lib/question";
import { callsOf } from "../doctor/calls";
import { pulumiOutput } from "../pulumiCli";
import { openStack } from "../stack/openStack";
import { lastingOptions, proveClients } from "./clients";
import type { Kit } from "./kit";
import { maskOf } from "./mask";
import { openTarget } from "./openTarget";
import { writeEvidence } from "./page";
import { bill, billTotal, DEADLINE_MINUTES, dollars } from "./prices";
import { pause, programs } from "./program";
import { prove } from "./run";
import type { Target } from "./target";

/** Parsed command line of `npm run prove`. */
export interface ProveInput {
  readonly isConfirmed: boolean;
  /** Folder of the page and the JSON file. */
  readonly output: string;
  readonly stackName: string;
}

/** What a session takes from its surroundings. */
export interface Surroundings {
  readonly ask: typeof isAnsweredYes;
  readonly deadlineMilliseconds: number;
  readonly openClients: (target: Target) => Promise<Kit["clients"]>;
  readonly openQuota: (target: Target) => Promise<Kit["quota"]>;
  readonly openStack: (stackName: string) => Promise<Kit["stack"]>;
  readonly openTarget: (stackName: string) => Promise<Target>;
  readonly program: (signal: AbortSignal) => Kit["program"];
  readonly sleep: Kit["sleep"];
}

const real: Surroundings = {
  ask: isAnsweredYes,
  deadlineMilliseconds: DEADLINE_MINUTES * 60_000,
  openClients: async ({ access, context }) =>
    proveClients(await lastingOptions(access, context.region)),
  openQuota: async ({ access, context }) =>
    (await callsOf({ access, region: context.region })).quota,
  openStack: (stackName) => openStack(process.cwd(), stackName),
  openTarget: (stackName) =>
    openTarget(stackName, (...args) =>
      Promise.resolve(pulumiOutput(...args, "--stack", stackName)),
    ),
  program: programs,
  sleep: pause,
};

/** Prints the bill, asks, runs, and writes the evidence; returns the exit code. */
export async function runSession(
  { isConfirmed, output, stackName }: ProveInput,
  surroundings: Surroundings = real,
): Promise<number> {
  const target = await surroundings.openTarget(stackName);
  printBill(stackName);
  if (!isConfirmed && !(await surroundings.ask("Deploy, and pay that? Type yes: "))) {
    console.error("nothing was created. Next: repeat the command with --yes, or type yes");
    return 1;
  }
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const mask = maskOf(target.context.accountId, target.secrets);
  const print = (line: string): void => {
    console.log(mask(line));
  };
  const clients = await surroundings.openClients(target);
  const quota = await surroundings.openQuota(target);
  const stack = await surroundings.openStack(stackName);
  const stop = stopping(surroundings.deadlineMilliseconds);
  const kit = {
    clients,
    isAws: endpoint === undefined,
    program: surroundings.program(stop.signal),
    quota,
    signal: stop.signal,
    sleep: surroundings.sleep,
    stack,
    started: new Date(),
    target,
  };
  const evidence = await prove(kit, { isInterrupted: stop.isInterrupted, print }).finally(stop.end);
  const facts = {
    cloud: endpoint ?? "AWS",
    isAws: kit.isAws,
    region: target.context.region,
    stackName,
    started: kit.started,
  };
  const files = await writeEvidence(evidence, facts, { folder: output, mask });
  for (const file of files) console.log(`written: ${file}`);
  const failed = evidence.steps.filter(({ result }) => /^(failed|not reached)$/.test(result));
  if (failed.length === 0) return 0;
  console.error(`failed or not reached: ${failed.map(({ step }) => step).join(", ")}`);
  if (failed.some(({ step }) => step === "unguard"))
    console.error(
      "resources remain, and the schedules delete the endpoints. Next: " +
        `npm run clear -- --stack ${stackName}, then pulumi destroy --stack ${stackName}`,
    );
  return 1;
}

function printBill(stackName: string): void {
  console.log(`npm run prove deploys the stack ${stackName}, and destroys it. At most:`);
  for (const [what, usd] of bill()) console.log(`  ${dollars(usd).padStart(9)}  ${what}`);
  console.log(`  ${dollars(billTotal()).padStart(9)}  total, ${String(DEADLINE_MINUTES)} minutes`);
}

/** Signal of a run: fires at the deadline, or when the user stops the process for the first time. */
function stopping(deadlineMilliseconds: number) {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
    console.error("stopping, and deleting everything; a second Ctrl-C leaves the resources");
    controller.abort(new Error("the user stopped the run"));
    end();
  };
  const late = setTimeout(() => {
    controller.abort(new Error("the deadline"));
  }, deadlineMilliseconds);
  const end = (): void => {
    clearTimeout(late);
    for (const name of names) process.off(name, interrupt);
  };
  for (const name of names) process.on(name, interrupt);
  return { end, isInterrupted: () => isInterrupted, signal: controller.signal };
}

import { builtBy, clearBuilt } from "../scripts/clearBuilt";
import { clearDeployed, endpointClients, endpointsOf } from "../scripts/clearDeployed";
import { mustRepairDrift } from "./drift";
import type { Engine } from "./engine";
import { standUpFit } from "./fit";
import { mustKeepData } from "./keptData";
import { say } from "./progress";
import { clientOptions } from "./provider/clients";
import { protectedEnd } from "./protectedEnd";
import type { Files } from "./rehearsal/delivery/sourceFiles";
import type { Programs } from "./rehearsal/openTheatre";
import type { Row } from "./provider/inventory";
import { mustHoldOnly } from "./readBack";
import { mustChangeNothing } from "./standing";
import type { Steps } from "./steps";

/** With what to rehearse. */
export interface Rehearsal {
  readonly code?: Files | undefined;
  /** Whether to play the deployment of models too, if nothing is protected and the code is the starter's. */
  readonly deploys: boolean;
  readonly programs: Programs;
}

/**
 * Takes a stack through its whole life, in an account that holds what `others` own; throws at the
 * first step whose promise does not hold.
 */
export async function lifecycle(
  engine: Engine,
  steps: Steps,
  others: readonly Row[],
  { code, deploys, programs }: Rehearsal,
): Promise<void> {
  const { step } = steps;
  await standUpFit(engine, steps, others);
  const isProtected = (await engine.resources()).some(({ protect }) => protect);
  if (!isProtected) {
    await step("a new projectName would replace what holds data: refused by the policy pack", () =>
      mustKeepData(engine),
    );
  }
  const { rehearse } = await import("./rehearsal/rehearse");
  // Failures are played with the starter only, whose files they know how to break.
  const full = !isProtected && code === undefined;
  await rehearse(engine, steps, { code, deploys: deploys && full, full, programs });
  await step("a second up changes nothing", () => mustChangeNothing(engine, "second up"));
  await step("nor does up --refresh", () =>
    mustChangeNothing(engine, "up --refresh", { refresh: true }),
  );
  await step("what was changed by hand is seen and repaired", () => mustRepairDrift(engine));
  await step("an up after that changes nothing", () => mustChangeNothing(engine, "up"));

  if (isProtected) {
    await protectedEnd(engine, steps, others);
    return;
  }
  const left = others.length === 0 ? "nothing" : "what others own, and nothing else";
  await step("what builds made beside the stack is cleared, as a person would", () =>
    clearAsAPerson(engine),
  );
  await step(`destroy leaves ${left} but keys pending deletion`, async () => {
    await engine.destroy();
    await mustHoldOnly(engine, others);
  });
}

/** The core of `npm run clear`: endpoints go on costing, and AWS deletes no model package group that holds versions. */
async function clearAsAPerson({ cloud, outputs }: Engine): Promise<void> {
  const built = builtBy(await outputs());
  const clients = await endpointClients(clientOptions(cloud.endpoint, cloud.region));
  const tell = (line: string): void => {
    say(`    deleted ${line}`);
  };
  for (const endpoint of endpointsOf(built.modelPackageGroupName)) {
    await clearDeployed(endpoint, clients, tell);
  }
  await clearBuilt(built, clients.sagemaker, tell);
}

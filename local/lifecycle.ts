import { builtBy, clearBuilt } from "../scripts/clearBuilt";
import { clearDeployed, endpointClients, endpointsOf } from "../scripts/clearDeployed";
import { countsText } from "./change";
import { mustRepairDrift } from "./drift";
import type { Engine } from "./engine";
import { standUpFit } from "./fit";
import { mustKeepData } from "./keptData";
import { say } from "./progress";
import { clientOptions } from "./provider/clients";
import { isProtected, protectedEnd } from "./protectedEnd";
import type { Files } from "./e2e/delivery/sourceFiles";
import type { Programs } from "./e2e/openTestEnvironment";
import type { Row } from "./provider/inventory";
import { mustHoldOnly } from "./readBack";
import { mustChangeNothing } from "./standing";
import type { Steps } from "./steps";

/** With what to runE2e. */
export interface E2eRun {
  readonly code?: Files | undefined;
  /** Whether to play the deployment of models too, if nothing is protected and the code is the starter's. */
  readonly deploys: boolean;
  /** Whether staging's endpoint can become serverless. */
  readonly canBeServerless: boolean;
  /** Whether to simulate failing canaries too. */
  readonly canaries: boolean;
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
  { canBeServerless, canaries, code, deploys, programs }: E2eRun,
): Promise<void> {
  const { step } = steps;
  await standUpFit(engine, steps, others);
  const hasProtection = await isProtected(engine, steps);
  if (!hasProtection) {
    await step(
      "policy pack: a new projectName is denied because it replaces resources with data",
      () => mustKeepData(engine),
    );
  }
  const { runE2e } = await import("./e2e/runE2e");
  // Failures are played with the starter only, whose files they know how to break.
  const full = !hasProtection && code === undefined;
  const makeServerless = canBeServerless ? () => becomeServerless(engine) : undefined;
  const extent = { canaries, code, deploys: deploys && full, full, makeServerless, programs };
  await runE2e(engine, steps, extent);
  await step("a second pulumi up changes nothing", () =>
    mustChangeNothing(engine, "second pulumi up"),
  );
  await step("pulumi up --refresh changes nothing", () =>
    mustChangeNothing(engine, "pulumi up --refresh", { refresh: true }),
  );
  await step("drift: manual changes are detected and repaired", () => mustRepairDrift(engine));
  await step("pulumi up after the repair changes nothing", () =>
    mustChangeNothing(engine, "pulumi up"),
  );

  if (hasProtection) {
    await protectedEnd(engine, steps, others);
    return;
  }
  const left = others.length === 0 ? "" : "resources of other teams and ";
  await step("npm run clear: models, endpoints and the SageMaker pipeline are deleted", () =>
    clearAsAPerson(engine),
  );
  await step(
    `pulumi destroy deletes everything except ${left}KMS keys pending deletion`,
    async () => {
      await engine.destroy();
      await mustHoldOnly(engine, others);
    },
  );
}

/** As a person would. */
async function becomeServerless(engine: Engine): Promise<void> {
  await engine.cli("config", "set", "--path", "deploy.staging.kind", "serverless");
  await engine.cli("config", "set", "--path", "deploy.approval", "none");
  const { counts } = await engine.up("pulumi up, serverless staging, no approval");
  say(`    ${countsText(counts)}`);
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

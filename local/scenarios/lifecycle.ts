import { countsText } from "../cloud/change";
import { mustRepairDrift } from "./drift";
import type { Engine } from "../cloud/engine";
import { deployWithDoctor } from "./doctor";
import { mustKeepData } from "./dataProtection";
import { print } from "../../lib/progress";
import { isProtected, protectedEnd } from "./protectedStack";
import type { ExpectedDenial } from "../report/denials";
import type { PushedFolder } from "./readFolder";
import type { Programs } from "../toolchain/venv";
import type { Row } from "../cloud/provider/inventory";
import { npmScript } from "./npmScript";
import { mustHoldOnly } from "../cloud/readBack";
import { mustChangeNothing } from "./deployedStack";
import type { Steps } from "../report/steps";

/** With what to runE2e. */
export interface E2eRun {
  readonly code?: PushedFolder | undefined;
  readonly expectedDenials: readonly ExpectedDenial[];
  /** Whether to run the deployment of models too, if nothing is protected and the code is the starter's. */
  readonly deploys: boolean;
  /** Whether staging's endpoint can become serverless. */
  readonly canBeServerless: boolean;
  /** As in Extent. */
  readonly everyCase: boolean;
  readonly programs: Programs;
}

/**
 * Takes a stack through its whole life, in an account that holds what `others` own; throws at the
 * first step whose promise does not hold.
 */
export async function lifecycle(
  engine: Engine,
  steps: Steps,
  existing: readonly Row[],
  { canBeServerless, code, deploys, everyCase, expectedDenials, programs }: E2eRun,
): Promise<void> {
  const { step } = steps;
  await deployWithDoctor(engine, steps, existing);
  const hasProtection = await isProtected(engine, steps);
  if (!hasProtection) {
    await step(
      "policy pack: a new projectName is denied because it replaces resources with data",
      () => mustKeepData(engine),
    );
  }
  const { runE2e } = await import("./endToEnd");
  // Failures are simulated with the starter only, whose files they know how to break.
  const full = !hasProtection && code === undefined;
  const makeServerless = canBeServerless ? () => becomeServerless(engine) : undefined;
  const extent = {
    code,
    deploys: deploys && full,
    everyCase,
    expectedDenials,
    full,
    makeServerless,
    programs,
  };
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
    await protectedEnd(engine, steps, existing);
    return;
  }
  const left = existing.length === 0 ? "" : "resources of other teams and ";
  await step("npm run clear: models, endpoints and the SageMaker pipeline are deleted", () =>
    clear(engine),
  );
  await step(
    `pulumi destroy deletes everything except ${left}KMS keys pending deletion`,
    async () => {
      await engine.destroy();
      await mustHoldOnly(engine, existing);
    },
  );
}

/** As a person would. */
async function becomeServerless(engine: Engine): Promise<void> {
  await engine.cli("config", "set", "--path", "deploy.staging.kind", "serverless");
  await engine.cli("config", "set", "--path", "deploy.approval", "none");
  const { counts } = await engine.up("pulumi up, serverless staging, no approval");
  print(`    ${countsText(counts)}`);
}

/** Endpoints cost money until they are deleted, and AWS deletes no model package group with versions. */
async function clear(engine: Engine): Promise<void> {
  for (const line of await npmScript(engine, "clear")) print(`    ${line}`);
}

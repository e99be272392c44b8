import { setTimeout as sleep } from "node:timers/promises";

import type { Stepping } from "../../report/steps";
import { beside } from "../../services/beside";
import { ownerClients } from "../../iam/clients";
import { mustNotify, fails } from "../notifications";
import { type Firing, fire } from "../../services/scheduler/fire";
import { type Schedule, scheduleOf } from "../../services/scheduler/schedule";
import { type DeployScenario, mustEnd, mustFailIn, runDeployments } from "./deployScenario";
import { mustRun } from "./running";
import { decide } from "./versions";

const HOUR_MS = 3_600_000;
// Of the starter's settings.
const STAGING_HOURS = 24;

/** The schedule fires while SageMaker changes the endpoint. */
export async function runExpiryInUpdate(
  { step }: Stepping,
  scenario: DeployScenario,
): Promise<void> {
  await step(
    "a schedule that fires during an update of staging retries, and deletes the endpoint after the update",
    async () => {
      await decide(2, "Approved", scenario);
      const schedule = await mustBeScheduled(scenario);
      let firing: Firing | undefined;
      const [run, ...others] = await beside(
        () => runDeployments(scenario),
        [
          async (isOver) => {
            if (await isUpdating(scenario, isOver)) firing = await fireNow(schedule, scenario);
          },
        ],
        scenario.testEnvironment.context.signal,
      );
      if (firing?.outcome !== "delivered" || firing.retries === 0)
        throw new Error(`expected a deletion after retries, got ${JSON.stringify(firing)}`);
      // Whether the deployment or the test finds no endpoint depends on when the retry comes.
      const action =
        run?.failure?.action === "TestStaging" ? "TestStaging" : "DeployResourcesStaging";
      mustFailIn(run, action, /exit status 1\b/);
      mustEnd(others, "Stopped");
      await mustNotify(scenario.inbox, fails(action));
      await mustRun("staging", undefined, scenario);
      await mustRun("prod", 1, scenario);
    },
  );
}

/** The schedule fires at its time. */
export async function runExpiry(
  { step }: Stepping,
  scenario: DeployScenario,
  version: number,
): Promise<void> {
  await step(
    "the schedule deletes staging: of the endpoints, only production is deployed; the schedule is deleted",
    async () => {
      await mustExpireInHours(scenario);
      await fireNow(await mustBeScheduled(scenario), scenario);
      await mustBeProductionOnly(scenario);
      await mustRun("prod", version, scenario);
    },
  );
  await step(
    "without staging, a repeated approval of the version in production deploys nothing",
    async () => {
      await decide(version, "Approved", scenario);
      mustEnd(await runDeployments(scenario), "Stopped");
      await mustNotify(scenario.inbox);
      await mustBeProductionOnly(scenario);
    },
  );
}

/** Fires the schedule before its time, and notes the result. */
export async function fireNow(schedule: Schedule, scenario: DeployScenario): Promise<Firing> {
  const { context, timeline } = scenario.testEnvironment;
  const { GroupName, Name, ScheduleExpression } = schedule;
  timeline.note("Scheduler", `${GroupName}/${Name} fires, ${ScheduleExpression}`);
  const firing = await fire(schedule, context);
  const { outcome, reason = "", retries } = firing;
  const what = `${Name}: ${outcome} after ${retries.toString()} retries ${reason}`.trimEnd();
  timeline.note("Scheduler", what);
  if (outcome === "delivered") return firing;
  throw new Error(`the schedule ${GroupName}/${Name} did not reach its target: ${reason}`);
}

/** The schedule that deletes staging; throws if there is none. */
export async function mustBeScheduled(scenario: DeployScenario): Promise<Schedule> {
  const { deployment, testEnvironment } = scenario;
  const schedule = await scheduleOf(deployment.stagingEndpointName, testEnvironment.context);
  if (schedule === undefined)
    throw new Error(`expected a schedule that deletes ${deployment.stagingEndpointName}, got none`);
  return schedule;
}

/** Passes only if staging is deleted as many hours from now as the settings say. */
export async function mustExpireInHours(scenario: DeployScenario): Promise<void> {
  const { at } = await mustBeScheduled(scenario);
  const hours = (at.getTime() - Date.now()) / HOUR_MS;
  // It was scheduled within this run.
  if (hours > STAGING_HOURS || hours < STAGING_HOURS - 0.5)
    throw new Error(
      `expected a deletion of staging in ${STAGING_HOURS.toString()} hours, got ${hours.toFixed(2)}`,
    );
}

/** Passes only if neither endpoint, scaling nor schedule of staging is left, as their lists tell it. */
async function mustBeProductionOnly({
  deployment,
  testEnvironment,
}: DeployScenario): Promise<void> {
  const { context, timeline } = testEnvironment;
  const clients = ownerClients(context);
  const { Endpoints = [] } = await (await clients.sagemaker()).listEndpoints({});
  const names = Endpoints.map(({ EndpointName = "" }) => EndpointName);
  const { ScalableTargets = [] } = await (
    await clients.scaling()
  ).describeScalableTargets({ ServiceNamespace: "sagemaker" });
  const scaled = ScalableTargets.map(({ ResourceId = "" }) => ResourceId);
  const left = await scheduleOf(deployment.stagingEndpointName, context);
  const others = scaled.filter(
    (one) => !one.startsWith(`endpoint/${deployment.prodEndpointName}/`),
  );
  const found = [...others, ...(left === undefined ? [] : [left.arn])];
  if (names.join() !== deployment.prodEndpointName || found.length > 0)
    throw new Error(
      `expected only ${deployment.prodEndpointName}, got ${[...names, ...found].join(", ")}`,
    );
  timeline.note("Endpoint", `only ${names.join(", ")} exists; scaled: ${scaled.join(", ")}`);
}

/** Returns true when SageMaker updates staging, false if it did not until it is over. */
async function isUpdating(
  { deployment, testEnvironment }: DeployScenario,
  isOver: () => boolean,
): Promise<boolean> {
  const { context } = testEnvironment;
  const sagemaker = await ownerClients(context).sagemaker();
  while (!isOver()) {
    const EndpointName = deployment.stagingEndpointName;
    const { EndpointStatus } = await sagemaker.describeEndpoint({ EndpointName });
    if (EndpointStatus === "Updating") return true;
    await sleep(50, undefined, { signal: context.signal });
  }
  return false;
}

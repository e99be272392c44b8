import { setTimeout as sleep } from "node:timers/promises";

import { ownerClients } from "../../iam/clients";
import type { DeployScenario } from "./deployScenario";

const QUEUE = "Queue";

/** Does the work, which starts an execution, and returns when one more execution has passed the stage Queue. */
export async function untilQueued(
  work: () => Promise<void>,
  scenario: DeployScenario,
): Promise<void> {
  const { signal } = scenario.testEnvironment.context;
  const before = await queued(scenario);
  await work();
  while ((await queued(scenario)) <= before) await sleep(200, undefined, { signal });
}

/** How many executions have passed the stage. */
async function queued({ deployment, testEnvironment }: DeployScenario): Promise<number> {
  const codepipeline = await ownerClients(testEnvironment.context).codepipeline();
  const { actionExecutionDetails = [] } = await codepipeline.listActionExecutions({
    pipelineName: deployment.pipelineName,
  });
  return actionExecutionDetails.filter(
    ({ stageName, status }) => stageName === QUEUE && status !== "InProgress",
  ).length;
}

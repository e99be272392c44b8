import { setTimeout as sleep } from "node:timers/promises";

import { owners } from "../clients";
import type { DeployScenario } from "./deployScenario";

const QUEUE = "Queue";

/** Returns when as many executions have passed the stage Queue. */
export async function untilQueued(
  count: number,
  { deployment, testEnvironment }: DeployScenario,
): Promise<void> {
  const { signal } = testEnvironment.stage;
  const codepipeline = await owners(testEnvironment.stage).codepipeline();
  for (;;) {
    const { actionExecutionDetails = [] } = await codepipeline.listActionExecutions({
      pipelineName: deployment.pipelineName,
    });
    const ended = actionExecutionDetails.filter(
      ({ stageName, status }) => stageName === QUEUE && status !== "InProgress",
    );
    if (ended.length >= count) return;
    await sleep(200, undefined, { signal });
  }
}

import { randomUUID } from "node:crypto";

import type { Stage } from "../contract";
import { actionEvent, deliveryRunEvent, stageEvent } from "../events/deliveryEvents";
import type { ServiceEvent } from "../events/serviceEvent";
import type { DeliveryRun } from "./playDelivery";

/** What CodePipeline sends of a run's end: of a failure, once for the action, once for the stage, once for the run. */
export function runEvents(run: DeliveryRun, stage: Stage): ServiceEvent[] {
  const { executionId, failure, pipelineArn, pipelineVersion, startTime } = run;
  const pipeline = pipelineArn.split(":").pop() ?? "";
  const facts = { ...stage, executionId, pipeline, pipelineVersion, startTime };
  if (failure === undefined) return [deliveryRunEvent(facts, "SUCCEEDED")];

  const { category = "", owner = "", provider = "", version = "" } = failure.type;
  const action = {
    action: failure.action,
    actionExecutionId: randomUUID(),
    result: { errorCode: "JobFailed", id: executionId, summary: failure.reason, url: failure.url },
    stage: failure.stage,
    type: { category, owner, provider, version },
  };
  return [
    actionEvent(facts, action, "FAILED"),
    stageEvent(facts, failure.stage, "FAILED"),
    deliveryRunEvent(facts, "FAILED"),
  ];
}

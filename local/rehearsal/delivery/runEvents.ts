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
  // As AWS has it of a build that failed, and of an action that could not begin its work.
  const errorCode = failure.build === undefined ? "ConfigurationError" : "JobFailed";
  const action = {
    action: failure.action,
    actionExecutionId: randomUUID(),
    result: { ...failure.build, errorCode, summary: failure.reason },
    stage: failure.stage,
    type: { category, owner, provider, version },
  };
  return [
    actionEvent(facts, action, "FAILED"),
    stageEvent(facts, failure.stage, "FAILED"),
    deliveryRunEvent(facts, "FAILED"),
  ];
}

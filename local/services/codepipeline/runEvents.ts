import type { AwsContext } from "../../iam/contract";
import { actionEvent, deliveryRunEvent, stageEvent } from "../eventbridge/deliveryEvents";
import type { ServiceEvent } from "../eventbridge/serviceEvent";
import type { DeliveryRun } from "./simulateDelivery";
import type { FailedAction, Stopped } from "./simulateStage";

/** What CodePipeline sends of a run's end: of a failure, once for the action, once for the stage, once for the run. */
export function runEvents(run: DeliveryRun, context: AwsContext): ServiceEvent[] {
  const { attempt, executionId, failure, pipelineArn, pipelineVersion, startTime, stopped } = run;
  const pipeline = pipelineArn.split(":").pop() ?? "";
  const facts = {
    ...context,
    executionId,
    pipeline,
    pipelineVersion,
    startTime,
    ...(attempt !== undefined && { attempt }),
  };
  if (stopped !== undefined) return stopEvents(facts, stopped);
  // AWS says only of the start what triggered a run.
  if (failure === undefined) return [deliveryRunEvent(facts, "SUCCEEDED")];
  return [
    actionEvent(facts, { ...failure, result: resultOf(failure) }, "FAILED"),
    stageEvent(facts, failure.stage, "FAILED"),
    deliveryRunEvent(facts, "FAILED"),
  ];
}

function resultOf({ build, reason: summary, token }: FailedAction) {
  if (token !== undefined) return { id: token, summary, errorCode: "JobFailed" };
  // As AWS has it of a build that failed, and of an action that could not begin its work.
  const errorCode = build === undefined ? "ConfigurationError" : "JobFailed";
  return { ...build, errorCode, summary };
}

function stopEvents(
  facts: Parameters<typeof deliveryRunEvent>[0],
  { abandoned, reason, stage }: Stopped,
): ServiceEvent[] {
  return [
    deliveryRunEvent(facts, "STOPPING", undefined, reason),
    ...(abandoned === undefined ? [] : [actionEvent(facts, abandoned, "ABANDONED")]),
    stageEvent(facts, stage, "STOPPED"),
    deliveryRunEvent(facts, "STOPPED"),
  ];
}

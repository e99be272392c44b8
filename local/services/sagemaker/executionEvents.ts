import type { DescribeModelPackageOutput } from "@aws-sdk/client-sagemaker";

import type { AwsContext } from "../../iam/contract";
import { type ServiceEvent, eventTime } from "../eventbridge/serviceEvent";
import { modelVersionEvent, stepEvent, trainingRunEvent } from "../eventbridge/trainingEvents";
import type { Execution } from "./execution";
import type { StepRecord } from "./simulateSteps";

/** What SageMaker sends of an execution that has ended, in order. */
export function executionEvents(
  execution: Execution,
  steps: readonly StepRecord[],
  status: "Succeeded" | "Failed" | "Stopped",
  model: Partial<DescribeModelPackageOutput> | undefined,
  context: AwsContext,
): ServiceEvent[] {
  const { arn: executionArn, description, displayName, pipelineArn } = execution;
  const startTime = eventTime(execution.startTime);
  const run = { ...context, description, displayName, executionArn, pipelineArn, startTime };
  const stepEvents = steps.flatMap((step) => {
    const startTime = eventTime(step.startTime);
    const endTime = eventTime(new Date(step.startTime.getTime() + 1000 * step.seconds));
    const begun = { ...step, failureReason: undefined, startTime };
    const isOfModel = model !== undefined && step.metadata.RegisterModel !== undefined;
    return [
      stepEvent(run, begun, { previous: "Starting", current: "Executing" }),
      ...(isOfModel ? [modelVersionEvent(context, model)] : []),
      stepEvent(
        run,
        { ...step, startTime },
        { previous: "Executing", current: step.status, endTime },
      ),
    ];
  });
  const endTime = eventTime(new Date());
  const isStopped = status === "Stopped";
  return [
    trainingRunEvent(run, { previous: "Executing", current: "Executing" }),
    ...stepEvents,
    ...(isStopped ? [trainingRunEvent(run, { previous: "Executing", current: "Stopping" })] : []),
    trainingRunEvent(run, {
      previous: isStopped ? "Stopping" : "Executing",
      current: status,
      endTime,
    }),
  ];
}

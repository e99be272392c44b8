import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { authorizedClients, ownerClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import { type Failure, failureOf } from "../eventbridge/failure";
import { sendToQueue } from "../eventbridge/queue";
import { eventTime } from "../eventbridge/serviceEvent";
import type { Schedule } from "./schedule";

/** What became of a schedule that fired. */
export interface Firing {
  readonly outcome: "delivered" | "dead-lettered" | "lost";
  readonly retries: number;
  /** Why the target was not called; left out if it was. */
  readonly reason?: string;
}

// AWS waits longer and longer, up to minutes.
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;

const deletion = z.strictObject({ EndpointName: z.string() });

/**
 * EventBridge Scheduler's side of a schedule whose time has come: it assumes the target's role, calls the universal
 * target, retries as often as the policy allows, then sends the undelivered event to the DLQ; a
 * schedule that asks for that is deleted after completion.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
export async function fire(schedule: Schedule, context: AwsContext): Promise<Firing> {
  const { groupArn, Target } = schedule;
  const credentials = await roleOf(schedule, groupArn, context);
  const firing =
    "code" in credentials
      ? { failure: credentials, retries: 0 }
      : await called(Target, credentials, context);
  const { failure, retries } = firing;
  if (schedule.ActionAfterCompletion === "DELETE") {
    const scheduler = await ownerClients(context).scheduler();
    await scheduler.deleteSchedule({ GroupName: schedule.GroupName, Name: schedule.Name });
  }
  if (failure === undefined) return { outcome: "delivered", retries };
  const reason = `${failure.code}, ${failure.message}`;
  const loss = await deadLettered(schedule, failure, retries, credentials, context);
  return loss === undefined
    ? { outcome: "dead-lettered", reason, retries }
    : { outcome: "lost", reason: `${reason}; ${loss}`, retries };
}

async function roleOf(
  { Target }: Schedule,
  sourceArn: string,
  { proxy, signal }: AwsContext,
): Promise<Credentials | Failure> {
  try {
    return await proxy.assume(Target.RoleArn, { service: "scheduler.amazonaws.com", sourceArn });
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return { code: "AssumeRoleFailed", mayPass: false, message };
  }
}

/** Calls the target until it answers without an error, or the policy allows no more retries. */
async function called(
  { Arn, Input, RetryPolicy }: Schedule["Target"],
  credentials: Credentials,
  context: AwsContext,
): Promise<{ readonly failure?: Failure; readonly retries: number }> {
  for (let retries = 0; ; retries++) {
    try {
      await call(Arn, Input, credentials, context);
      return { retries };
    } catch (error) {
      context.signal.throwIfAborted();
      const failure = failureOf(error);
      // What AWS retries is documented as "failed"; permissions that are missing do not come by themselves.
      const isFinal = failure.code === "NO_PERMISSIONS";
      if (isFinal || retries >= RetryPolicy.MaximumRetryAttempts) return { failure, retries };
    }
    const wait = Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS);
    await sleep(wait, undefined, { signal: context.signal });
  }
}

async function call(
  target: string,
  input: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<void> {
  if (!/^arn:[^:]+:scheduler:::aws-sdk:sagemaker:deleteEndpoint$/.test(target))
    throw new Error(`the local cloud simulates only sagemaker:deleteEndpoint, got ${target}`);
  const sagemaker = await authorizedClients(context, credentials).sagemaker();
  const request = deletion.parse(JSON.parse(input));
  await sagemaker.deleteEndpoint(request, { abortSignal: context.signal });
}

/**
 * Sends the undelivered event to the DLQ with the target's role; returns the error, if any.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
async function deadLettered(
  { arn, at, Target }: Schedule,
  failure: Failure,
  retries: number,
  credentials: Credentials | Failure,
  context: AwsContext,
): Promise<string | undefined> {
  const queue = Target.DeadLetterConfig?.Arn;
  if (queue === undefined) return "the schedule has no DLQ";
  if ("code" in credentials) return "without the role, no message reaches the DLQ";
  const attributes = {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: randomUUID(),
    ...(failure.code === "NO_PERMISSIONS"
      ? {}
      : { EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts" }),
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(retries),
    SCHEDULED_TIME: eventTime(at),
    SCHEDULE_ARN: arn,
    TARGET_ARN: Target.Arn,
  };
  try {
    await sendToQueue(queue, { attributes, body: Target.Input }, credentials, context);
    return undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    const { code, message } = failureOf(error);
    return `the DLQ rejected the event: ${code}, ${message}`;
  }
}

import type { Caller, Credentials, AwsContext } from "../../iam/contract";
import { type Failure, failureOf } from "./failure";
import { invoke } from "./invoke";
import { matches } from "./matches";
import { sendToQueue } from "./queue";
import { enabledRules, type Rule, type Target } from "./rules";
import type { ServiceEvent } from "./serviceEvent";
import { isJson, transformed } from "./transformed";
import { valueAt } from "./valueAt";

/** What became of an event at one target. */
export interface Delivery {
  /** Name of the rule. */
  readonly rule: string;
  /** ARN of the target. */
  readonly target: string;
  readonly outcome: "delivered" | "dead-lettered" | "lost";
  /** Id of what the target started or sent; of an event that did not arrive, the reason. */
  readonly detail: string;
  /** What the target received, or would have. */
  readonly input: string;
}

/** Brings an event to every target of every deployed rule that takes it, in turn, as EventBridge would. */
export async function deliver(
  event: ServiceEvent,
  context: AwsContext,
): Promise<readonly Delivery[]> {
  const rules = await enabledRules(context);
  const deliveries: Delivery[] = [];
  for (const rule of rules.filter((one) => takes(one, event))) {
    for (const target of rule.targets) deliveries.push(await bring(event, rule, target, context));
  }
  return deliveries;
}

function takes({ name, pattern }: Rule, event: ServiceEvent): boolean {
  try {
    return matches(pattern, event);
  } catch (error) {
    throw new Error(`EventBridge rejects the pattern of rule ${name}`, { cause: error });
  }
}

async function bring(
  event: ServiceEvent,
  rule: Rule,
  target: Target,
  context: AwsContext,
): Promise<Delivery> {
  const input = inputOf(event, rule, target);
  const seen = { rule: rule.name, target: target.Arn, input };
  const result = await tried(rule, target, input, context);
  if (result.failure === undefined) return { ...seen, outcome: "delivered", detail: result.id };
  const reason = `${result.failure.code}, ${result.failure.message}`;
  const loss = await deadLettered(event, rule, target, result, context);
  return loss === undefined
    ? { ...seen, outcome: "dead-lettered", detail: reason }
    : { ...seen, outcome: "lost", detail: `${reason}; ${loss}` };
}

function inputOf(event: ServiceEvent, rule: Rule, target: Target): string {
  const { Input, InputPath, InputTransformer } = target;
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(InputPath, event));
  if (InputTransformer === undefined) return JSON.stringify(event);
  const { InputPathsMap: inputPaths, InputTemplate: inputTemplate } = InputTransformer;
  const ingestionTime = new Date().toISOString();
  const facts = { ruleArn: rule.arn, ruleName: rule.name, ingestionTime };
  return transformed({ inputPaths, inputTemplate }, event, facts);
}

type Result =
  | { readonly id: string; readonly failure?: undefined }
  | { readonly failure: Failure; readonly retries: number };

/** Tries as often as the target allows; without waiting, since nothing on the stage gets better by itself. */
async function tried(
  rule: Rule,
  target: Target,
  input: string,
  context: AwsContext,
): Promise<Result> {
  const retriesAtMost = target.RetryPolicy?.MaximumRetryAttempts ?? 185;
  const wantsJson = /^\s*[{[]/.test(target.InputTransformer?.InputTemplate ?? "");
  if (wantsJson && !isJson(input))
    return failed("INVALID_JSON", "the input is not valid JSON after the values are inserted");
  const credentials = await credentialsFor(rule, target, context);
  if (credentials instanceof Error) return failed("FAILED_TO_ASSUME_ROLE", credentials.message);
  for (let retries = 0; ; retries++) {
    try {
      return { id: await invoke(target, input, credentials, context) };
    } catch (error) {
      context.signal.throwIfAborted();
      const failure = failureOf(error);
      if (!failure.mayPass || retries >= retriesAtMost) return { failure, retries };
    }
  }
}

function failed(code: string, message: string): Result {
  return { failure: { code, message, mayPass: false }, retries: 0 };
}

/** Of the target's role if it has one; else EventBridge acts in its own name. */
async function credentialsFor(
  rule: Rule,
  { Arn, RoleArn }: Target,
  { proxy, signal }: AwsContext,
): Promise<Credentials | Error> {
  if (RoleArn === undefined && Arn.split(":")[2] === "codepipeline")
    throw new Error(`rule ${rule.name}: the target ${Arn} has no IAM role`);
  if (RoleArn === undefined) return proxy.actAs(caller(rule));
  try {
    return await proxy.assume(RoleArn, caller(rule));
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}

function caller({ arn }: Rule): Caller {
  return { service: "events.amazonaws.com", sourceArn: arn };
}

/** Keeps the event in the target's DLQ; returns why it could not, if so. */
async function deadLettered(
  event: ServiceEvent,
  rule: Rule,
  target: Target,
  { failure, retries }: { readonly failure: Failure; readonly retries: number },
  context: AwsContext,
): Promise<string | undefined> {
  const queue = target.DeadLetterConfig?.Arn;
  if (queue === undefined) return "the target has no DLQ";
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(failure.mayPass ? { EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts" } : {}),
    RETRY_ATTEMPTS: String(retries),
  };
  try {
    const message = { body: JSON.stringify(event), attributes };
    await sendToQueue(queue, message, context.proxy.actAs(caller(rule)), context);
    return undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    const { code, message } = failureOf(error);
    return `the DLQ rejected the event: ${code}, ${message}`;
  }
}

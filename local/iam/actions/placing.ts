import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import type { Hosting } from "../hosting";
import type { Keys } from "../keys";
import type { PullRequests } from "../pullRequests";

/*
 * Types and functions of the table of required actions: IAM actions of each operation. What AWS documents in its
 * service authorization reference and API reference; the simulator refuses actions, resource types and condition keys
 * that do not exist.
 */

/** Account and region of the calls, and the lookups that their authorization needs. */
export interface Ground {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly hosting: Hosting;
  readonly keys: Keys;
  readonly pullRequests: PullRequests;
}

/** What a call uses, each on a concrete ARN; throws if the call names none. */
export type Placing = (
  call: Call,
  ground: Ground,
) => readonly RequiredAction[] | Promise<readonly RequiredAction[]>;

/** Rows of the table of required actions, by `service:Operation`. */
export type Table = Readonly<Record<string, Placing>>;

/** The same row for several operations of one service. */
export function each(service: string, operations: readonly string[], placing: Placing): Table {
  return Object.fromEntries(operations.map((operation) => [`${service}:${operation}`, placing]));
}

/** IAM knows no resource for the operation. */
export function nowhere(call: Call): RequiredAction[] {
  return [itself(call, "*")];
}

/** On what the first of these parameters names, by its name or its ARN; `rest` is the ARN's end up to the name. */
export function named(rest: string, ...parameters: readonly string[]) {
  return (call: Call, ground: Ground): RequiredAction[] => [
    itself(call, arnFor(call, ground, rest, ...parameters)),
  ];
}

/** The call's own action: for most operations it has the operation's name. */
export function itself(
  call: Call,
  resource: string,
  context?: RequiredAction["context"],
): RequiredAction {
  const action = `${call.service}:${call.operation}`;
  return context === undefined ? { action, resource } : { action, resource, context };
}

/** The ARN of what the first of these parameters names. */
export function arnFor(
  call: Call,
  ground: Ground,
  rest: string,
  ...parameters: readonly string[]
): string {
  const name = text(call, ...parameters);
  return name.startsWith("arn:") ? name : arn(ground, call.service, `${rest}${name}`);
}

/** An ARN in the account and region of the calls. */
export function arn({ accountId, partition, region }: Ground, service: string, rest: string) {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/** The endpoint by which one service tells another that it acts for a caller. */
function endpointOf({ partition, region }: Ground, service: string): string {
  return `${service}.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

/** A key that a service uses for its caller; none for the key that AWS gives everyone in the account. */
export function usesOfKey(
  ground: Ground,
  service: string,
  keyArn: string | undefined,
  actions: readonly string[],
  context: RequiredAction["context"] = {},
): RequiredAction[] {
  if (keyArn === undefined) return [];
  const via = { "kms:ViaService": endpointOf(ground, service), ...context };
  return actions.map((action) => ({ action: `kms:${action}`, resource: keyArn, context: via }));
}

/** The first of these parameters that is set; throws if none is. */
export function text(call: Call, ...parameters: readonly string[]): string {
  const found = parameters.map((name) => optionalText(call, name)).find((value) => value);
  if (found === undefined) throw new Error(`the call has no ${parameters.join(" or ")}`);
  return found;
}

/** The text at this path of parameters, for example `ResourceConfig.VolumeKmsKeyId`. */
export function optionalText({ parameters }: Call, path: string): string | undefined {
  const value = at(parameters, path);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Value at this path of parameters. */
export function at(parameters: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => {
    const record = z.record(z.string(), z.unknown()).safeParse(value);
    return record.success ? record.data[name] : undefined;
  }, parameters);
}

import { isDeepStrictEqual } from "node:util";

import type { Engine } from "./engine";
import { print } from "../../lib/progress";
import { clientOptions } from "./provider/clients";
import { handlersFor } from "./provider/handlers";
import { type Row, inventory } from "./provider/inventory";
import { networks } from "./provider/inventory/networks";
import { type StateResource, isInAws } from "../../lib/state";
import { table } from "../../lib/table";

/** What the AWS API has for each resource, by URN; undefined if it does not exist. */
export type Reading = ReadonlyMap<string, unknown>;

/** Everything that the emulated account holds, as its own list calls tell it. */
export function rowsOf({ cloud }: Engine): Promise<Row[]> {
  return inventory(cloud.endpoint, cloud.region);
}

/** Prints rows of an inventory as a table. */
export function showRows(rows: readonly Row[]): void {
  for (const line of linesOf(rows)) print(`    ${line}`);
}

/**
 * Passes only if the account holds exactly what it is expected to hold, by kind and name, beside
 * keys that wait out their deletion.
 */
export async function mustHoldOnly(engine: Engine, expected: readonly Row[]): Promise<void> {
  // The emulator takes seconds over its first answer about EC2, and the program itself makes nothing there.
  const inNetworks = expected.some(({ service }) => service === "EC2");
  const { endpoint, region } = engine.cloud;
  const rows = [
    ...(await rowsOf(engine)),
    ...(inNetworks ? await networks(clientOptions(endpoint, region)) : []),
  ];
  const waiting = rows.filter(isPendingDeletion).length;
  const left = rows.filter((row) => !isPendingDeletion(row));
  const extra = left.filter((row) => !expected.some((one) => sameThing(row, one)));
  if (extra.length > 0) throw new Error(`not deleted:\n${linesOf(extra).join("\n")}`);
  const missing = expected.filter((row) => !left.some((one) => sameThing(row, one)));
  if (missing.length > 0) throw new Error(`missing:\n${linesOf(missing).join("\n")}`);

  const keys = waiting === 0 ? "" : `${waiting.toString()} KMS key(s) pending deletion`;
  if (expected.length === 0) print(`    no resources${keys === "" ? "" : ` except ${keys}`}`);
  else showRows(rows);
}

/** Passes only if nothing is in the account but keys that wait out their deletion. */
export function mustBeEmpty(engine: Engine): Promise<void> {
  return mustHoldOnly(engine, []);
}

/** Reads each of the resources that AWS knows from the AWS API. */
export async function readAll(
  engine: Engine,
  resources: readonly StateResource[],
): Promise<Reading> {
  const handlers = handlersFor(engine.cloud.endpoint, engine.cloud.region);
  const reading = new Map<string, unknown>();
  for (const { id, outputs, type, urn } of resources.filter(isInAws)) {
    reading.set(urn, await handlers.get(type)?.read(id, outputs));
  }
  return reading;
}

/** The URNs of what two readings of the same resources tell differently. */
export function differing(before: Reading, after: Reading): string[] {
  return [...before.keys()].filter((urn) => !isDeepStrictEqual(before.get(urn), after.get(urn)));
}

/** Passes only if the AWS API knows every resource that the engine's state has. */
export async function mustReadBack(engine: Engine): Promise<void> {
  const reading = await readAll(engine, await engine.resources());
  const missing = [...reading].flatMap(([urn, found]) => (found === undefined ? [urn] : []));
  const total = reading.size;
  print(
    `    ${total.toString()} resources in the state, ` +
      `${(total - missing.length).toString()} read back from the AWS API`,
  );
  if (missing.length > 0) throw new Error(`missing in the account: ${missing.join(", ")}`);
}

function isPendingDeletion({ detail, kind }: Row): boolean {
  return kind === "key" && detail === "pending deletion";
}

function sameThing(left: Row, right: Row): boolean {
  return left.kind === right.kind && left.name === right.name;
}

function linesOf(rows: readonly Row[]): string[] {
  return table(rows.map(({ service, kind, name, detail }) => [service, kind, name, detail]));
}

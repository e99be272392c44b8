import type { Engine } from "./engine";
import { say } from "./progress";
import { handlersFor } from "./provider/handlers";
import { type Row, inventory } from "./provider/inventory";
import { table } from "./table";

/** Prints what the emulated account holds, as its own list calls tell it. */
export async function showInventory(engine: Engine): Promise<void> {
  for (const line of table((await rowsOf(engine)).map(cells))) say(`    ${line}`);
}

/** Passes only if nothing is in the account but keys that wait out their deletion. */
export async function mustBeEmpty(engine: Engine): Promise<void> {
  const rows = await rowsOf(engine);
  const left = rows.filter((row) => !(row.kind === "key" && row.detail === "pending deletion"));
  if (left.length > 0) {
    throw new Error(`still there:\n${table(left.map(cells)).join("\n")}`);
  }
  const waiting = rows.length.toString();
  say(rows.length === 0 ? "    nothing" : `    nothing but ${waiting} key(s) pending deletion`);
}

/** Passes only if the AWS API knows every resource that the engine's state has. */
export async function mustReadBack(engine: Engine): Promise<void> {
  const handlers = handlersFor(engine.cloud.endpoint, engine.cloud.region);
  const resources = (await engine.resources()).filter(
    ({ custom, type }) => custom && !type.startsWith("pulumi:"),
  );
  const missing: string[] = [];
  for (const { id, outputs, type, urn } of resources) {
    const found = await handlers.get(type)?.read(id, outputs);
    if (found === undefined) missing.push(urn);
  }
  const total = resources.length;
  say(
    `    ${total.toString()} resources in the state, ` +
      `${(total - missing.length).toString()} read back from the AWS API`,
  );
  if (missing.length > 0) throw new Error(`not there: ${missing.join(", ")}`);
}

function rowsOf({ cloud }: Engine): Promise<readonly Row[]> {
  return inventory(cloud.endpoint, cloud.region);
}

function cells({ service, kind, name, detail }: Row): string[] {
  return [service, kind, name, detail];
}

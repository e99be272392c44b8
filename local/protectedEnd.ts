import { isDeepStrictEqual } from "node:util";

import type { Engine } from "./engine";
import { say } from "./progress";
import type { Row } from "./provider/inventory";
import { differing, mustHoldOnly, mustReadBack, readAll, rowsOf } from "./readBack";
import { mustChangeNothing } from "./standing";
import { type StateResource, isInAws } from "./state";
import { type Steps, messageOf } from "./steps";
import { commandsForAPerson, importKept, mustHaveTakenOver } from "./takeOver";

// What tells an inventory's row to be a resource. What is set on a bucket has no row of its own.
const kinds: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "log group",
  "aws:codecommit/repository:Repository": "repository",
  "aws:kms/alias:Alias": "alias",
  "aws:kms/key:Key": "key",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "model package group",
};

/** The end of a protected stack, and its second life: refusals, destroy, what is kept, taking it over. */
export async function protectedEnd(
  engine: Engine,
  { step }: Steps,
  others: readonly Row[],
): Promise<void> {
  await step("a new projectName would replace what is protected: refused at preview", () =>
    mustRefuse(engine, async () => {
      const before = await engine.cli("config", "get", "projectName");
      await engine.cli("config", "set", "projectName", "renamed");
      try {
        await engine.preview();
      } finally {
        await engine.cli("config", "set", "projectName", before);
      }
    }),
  );
  await step("destroy is refused before anything is deleted", () =>
    mustRefuse(engine, engine.destroy),
  );

  const before = await engine.resources();
  const kept = before.filter((resource) => resource.retainOnDelete && isInAws(resource));
  const rows = (await rowsOf(engine)).filter((row) => kept.some((one) => isRowOf(row, one)));
  const reading = await readAll(engine, kept);
  await step("protection is lifted, as the documentation tells", async () => {
    await engine.cli("stack", "export", "--file", "before.json");
    await engine.cli("state", "unprotect", "--all", "--yes");
    const still = (await engine.resources()).filter(({ protect }) => protect);
    if (still.length > 0) throw new Error(`still protected: ${urnsOf(still)}`);
    say("    pulumi stack export --file before.json; pulumi state unprotect --all");
  });
  await step("destroy keeps exactly what is marked to be kept", async () => {
    await engine.destroy();
    if ((await engine.resources()).length > 0) throw new Error("the state is not empty");
    await mustHoldOnly(engine, [...others, ...rows]);
    const changed = differing(reading, await readAll(engine, kept));
    if (changed.length > 0) throw new Error(`not kept as it was: ${changed.join(", ")}`);
    say(`    all ${kept.length.toString()} kept resources read as before the destroy`);
  });

  await step("what was kept can be imported", async () => {
    await importKept(engine, kept);
    say("    on AWS, the same is done by:");
    for (const line of commandsForAPerson) say(`      ${line}`);
  });
  await step("an up makes the rest anew and takes over what was kept", async () => {
    const update = await engine.up("up");
    mustHaveTakenOver(before, await engine.resources(), update);
    const changed = differing(reading, await readAll(engine, kept));
    if (changed.length > 0) throw new Error(`changed by taking over: ${changed.join(", ")}`);
    await mustReadBack(engine);
  });
  await step("the next up --refresh changes nothing", () =>
    mustChangeNothing(engine, "up --refresh", { refresh: true }),
  );
}

/** Passes only if `attempt` fails for protection, and leaves state and account as they were. */
async function mustRefuse(engine: Engine, attempt: () => Promise<unknown>): Promise<void> {
  const before = await engine.resources();
  const reading = await readAll(engine, before);
  const refusal = await attempt().then(() => undefined, messageOf);
  if (refusal === undefined) throw new Error("it went through");
  if (!/protect/i.test(refusal)) throw new Error(`it failed for another reason: ${refusal}`);
  for (const line of withoutUrns(refusal)) say(`    ${line}`);

  if (!isDeepStrictEqual(before, await engine.resources())) throw new Error("the state changed");
  const changed = differing(reading, await readAll(engine, before));
  if (changed.length > 0) throw new Error(`changed all the same: ${changed.join(", ")}`);
  say(
    `    refused; all ${before.length.toString()} resources are still in the state, and the ` +
      `${reading.size.toString()} in the account read as before`,
  );
}

/** The engine's words, with type and name for each URN, and what it says of every one only once. */
function withoutUrns(text: string): Set<string> {
  const lines = text
    .replace(/urn:pulumi:[^"'\s]*?([^$:"'\s]+:[^:"'\s]+:[^:"'\s]+)::([^"'\s]+)/g, "$1 $2")
    .split("\n")
    .filter((line) => !line.includes("`pulumi state unprotect"));
  return new Set(lines);
}

function isRowOf({ kind, name }: Row, { id, type }: StateResource): boolean {
  return kinds[type] === kind && id === name;
}

function urnsOf(resources: readonly StateResource[]): string {
  return resources.map(({ urn }) => urn).join(", ");
}

import { isDeepStrictEqual } from "node:util";

import type { Engine } from "../cloud/engine";
import { print } from "../../lib/progress";
import type { Row } from "../cloud/provider/inventory";
import { differing, mustHoldOnly, mustReadBack, readAll, rowsOf } from "../cloud/readBack";
import { mustChangeNothing } from "./deployedStack";
import { type StateResource, isInAws } from "../../lib/state";
import { messageOf } from "../../lib/errors";
import { type Steps } from "../report/steps";
import { commandsForAPerson, importKept, mustHaveImported } from "./importStack";

// Marks an inventory's row as a resource. Bucket settings have no row of their own.
const kinds: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "log group",
  "aws:codecommit/repository:Repository": "repository",
  "aws:kms/alias:Alias": "alias",
  "aws:kms/key:Key": "key",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "model package group",
};

/** Whether the stack is protected. Stack prod must be: a prod file with posture dev fails here. */
export async function isProtected(
  { cli, resources }: Pick<Engine, "cli" | "resources">,
  { step }: Pick<Steps, "step">,
): Promise<boolean> {
  const inAws = (await resources()).filter(isInAws);
  const unprotected = inAws.filter(({ protect }) => !protect);
  if ((await cli("stack", "--show-name")) === "prod")
    await step("stack prod is protected", () => {
      const [first] = unprotected;
      if (first === undefined) return Promise.resolve();
      const counts = `${unprotected.length.toString()} of ${inAws.length.toString()}`;
      return Promise.reject(
        new Error(
          `${counts} resources are not protected, for example ${first.urn}. ` +
            "Next: set posture to prod in Pulumi.prod.yaml",
        ),
      );
    });
  return unprotected.length < inAws.length;
}

/** Destroys a protected stack and imports it again: denied destroys, destroy, retained resources, import. */
export async function protectedEnd(
  engine: Engine,
  { step }: Steps,
  existing: readonly Row[],
): Promise<void> {
  await step("pulumi preview fails: a new projectName replaces protected resources", () =>
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
  await step("pulumi destroy fails before it deletes a resource", () =>
    mustRefuse(engine, engine.destroy),
  );

  const before = await engine.resources();
  const kept = before.filter((resource) => resource.retainOnDelete && isInAws(resource));
  const rows = (await rowsOf(engine)).filter((row) => kept.some((one) => isRowOf(row, one)));
  const reading = await readAll(engine, kept);
  await step("protection is removed with the documented commands", async () => {
    await engine.cli("stack", "export", "--file", "before.json");
    await engine.cli("state", "unprotect", "--all", "--yes");
    const still = (await engine.resources()).filter(({ protect }) => protect);
    if (still.length > 0) throw new Error(`still protected: ${urnsOf(still)}`);
    print("    pulumi stack export --file before.json; pulumi state unprotect --all");
  });
  await step("pulumi destroy retains exactly the resources with retainOnDelete", async () => {
    await engine.destroy();
    if ((await engine.resources()).length > 0) throw new Error("the state is not empty");
    await mustHoldOnly(engine, [...existing, ...rows]);
    const changed = differing(reading, await readAll(engine, kept));
    if (changed.length > 0) throw new Error(`changed by pulumi destroy: ${changed.join(", ")}`);
    print(`    all ${kept.length.toString()} retained resources are unchanged`);
  });

  await step("retained resources are imported", async () => {
    await importKept(engine, kept);
    print("    the same commands on AWS:");
    for (const line of commandsForAPerson) print(`      ${line}`);
  });
  await step("pulumi up creates the other resources and manages the imported ones", async () => {
    const update = await engine.up("pulumi up");
    mustHaveImported(before, await engine.resources(), update);
    const changed = differing(reading, await readAll(engine, kept));
    if (changed.length > 0) throw new Error(`changed by pulumi up: ${changed.join(", ")}`);
    await mustReadBack(engine);
  });
  await step("pulumi up --refresh changes nothing", () =>
    mustChangeNothing(engine, "pulumi up --refresh", { refresh: true }),
  );
}

/** Passes only if `attempt` fails for protection, and leaves state and account as they were. */
async function mustRefuse(engine: Engine, attempt: () => Promise<unknown>): Promise<void> {
  const before = await engine.resources();
  const reading = await readAll(engine, before);
  const error = await attempt().then(() => undefined, messageOf);
  if (error === undefined)
    throw new Error("expected an error about protected resources, but the operation succeeded");
  if (!/protect/i.test(error))
    throw new Error(`expected an error about protected resources, got: ${error}`);
  for (const line of withoutUrns(error)) print(`    ${line}`);

  if (!isDeepStrictEqual(before, await engine.resources()))
    throw new Error("the failed operation changed the state");
  const changed = differing(reading, await readAll(engine, before));
  if (changed.length > 0) throw new Error(`changed by the failed operation: ${changed.join(", ")}`);
  print(
    `    failed as expected: all ${before.length.toString()} resources are still in the state, and ` +
      `${reading.size.toString()} resources in the account are unchanged`,
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

import type { OutputMap } from "@pulumi/pulumi/automation";

import type { Engine } from "../cloud/engine";
import { type Counts, countsText, sentence } from "../cloud/change";
import { print } from "../../lib/progress";
import type { Row } from "../cloud/provider/inventory";
import { mustBeEmpty, mustHoldOnly, mustReadBack, rowsOf, showRows } from "../cloud/readBack";
import type { Steps } from "../report/steps";
import { table } from "../../lib/table";

/** Deploys the stack in an account that holds only `existing` resources, and reads it all back. */
export async function deploy(
  engine: Engine,
  { step }: Steps,
  existing: readonly Row[],
): Promise<void> {
  const owner = existing.length === 0 ? "is empty" : "contains only resources of other teams";
  await step(`the emulated account ${owner}`, () => mustHoldOnly(engine, existing));
  await step("pulumi preview", async () => {
    print(`    ${countsText(await engine.preview())}`);
  });
  await step("pulumi up", async () => {
    const { counts, outputs } = await engine.up("pulumi up");
    print(`    ${countsText(counts)}; outputs:`);
    showOutputs(outputs);
  });
  await step("every resource in the state exists in the account", async () => {
    showRows(await rowsOf(engine));
    await mustReadBack(engine);
  });
}

/** Passes only if an update leaves everything as it is; with `refresh`, after reading all from the AWS API. */
export async function mustChangeNothing(
  engine: Engine,
  title: string,
  options?: { readonly refresh: boolean },
): Promise<void> {
  const { changes, counts } = await engine.up(title, options);
  if (changes.length > 0 || !nothingChanged(counts)) {
    const what = changes.map(sentence).join("\n");
    throw new Error(`expected no changes, got ${countsText(counts)}:\n${what}`);
  }
  print(`    ${countsText(counts)}`);
}

/** Deploys a stack whose outputs `mustBeRight` checks, deploys it again without a change, and destroys it. */
export async function deployAndDestroy(
  engine: Engine,
  step: Steps["step"],
  mustBeRight: (outputs: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  await step("pulumi up; every resource exists", async () => {
    print(`    ${countsText((await engine.up("pulumi up")).counts)}`);
    mustBeRight(await engine.outputs());
    await mustReadBack(engine);
  });
  await step("a second pulumi up changes nothing", () =>
    mustChangeNothing(engine, "second pulumi up"),
  );
  await step("pulumi destroy deletes everything except KMS keys pending deletion", async () => {
    await engine.destroy();
    await mustBeEmpty(engine);
  });
}

function nothingChanged({ same, ...others }: Counts): boolean {
  return same !== undefined && same > 0 && Object.keys(others).length === 0;
}

function showOutputs(outputs: OutputMap): void {
  const rows = Object.entries(outputs).map(([name, { secret, value }]) => [
    name,
    secret ? "[secret]" : typeof value === "string" ? value : JSON.stringify(value),
  ]);
  for (const line of table(rows)) print(`    ${line}`);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { countsText } from "../cloud/change";
import type { Engine, Update } from "../cloud/engine";
import { run } from "../toolchain/processes";
import { copyWithoutRuntime } from "../cloud/project";
import { print } from "../../lib/progress";
import type { StateResource } from "../../lib/state";

const TOOL = "npx tsx scripts/imports.ts";

/** Commands of a user, from the deployed stack to the stack that is deployed again. */
export const commandsForAPerson: readonly string[] = [
  "pulumi stack export --file before.json",
  "pulumi state unprotect --all",
  "pulumi destroy",
  `${TOOL} before.json > imports.json`,
  "pulumi import --file imports.json --generate-code=false",
  "pulumi up",
];

/** Imports the resources that a destroy retained, by the commands of a user; ids must not change. */
export async function importKept(engine: Engine, kept: readonly StateResource[]): Promise<void> {
  const { folder, signal } = engine;
  const before = join(folder, "before.json");
  const file = join(folder, "imports.json");
  const { code, lines } = await run("sh", ["-c", `${TOOL} "$0" > "$1"`, before, file], { signal });
  if (code !== 0) throw new Error(lines.join("\n"));
  print("    imports.json:");
  for (const line of readFileSync(file, "utf8").trim().split("\n")) print(`      ${line}`);
  // The import asks for a language host, which this CLI may lack, though it makes no use of it.
  const place = ["--cwd", copyWithoutRuntime(folder)];
  await engine.cli("import", "--file", file, "--generate-code=false", "--yes", ...place);

  const after = await engine.resources();
  const wrong = kept.filter(
    ({ id, urn }) => !after.some((one) => one.urn === urn && one.id === id && one.protect),
  );
  if (wrong.length > 0) throw new Error(`not imported: ${urnsOf(wrong)}`);
  print(`    ${kept.length.toString()} resources imported with the same IDs, protected`);
}

/**
 * Passes only if the update left retained resources in place, created the rest, and the stack now is as it
 * was `before`: same resources, same protection, and retained resources with their old ids.
 */
export function mustHaveImported(
  before: readonly StateResource[],
  after: readonly StateResource[],
  { changes, counts }: Update,
): void {
  const kept = before.filter(({ retainOnDelete }) => retainOnDelete);
  const replaced = changes.filter(
    ({ operation, urn }) => operation !== "update" && kept.some((one) => one.urn === urn),
  );
  if (replaced.length > 0) {
    throw new Error(`replaced instead of imported: ${replaced.map(({ name }) => name).join(", ")}`);
  }
  const marks = (resources: readonly StateResource[]): string =>
    resources
      .map(({ id, protect, retainOnDelete, urn }) =>
        [urn, protect, retainOnDelete, retainOnDelete ? id : ""].join(" "),
      )
      .sort()
      .join("\n");
  if (marks(before) !== marks(after)) {
    throw new Error(`the stack has changed; expected\n${marks(before)}\ngot\n${marks(after)}`);
  }
  print(`    ${countsText(counts)}; imported resources are unchanged, and all are protected again`);
}

function urnsOf(resources: readonly StateResource[]): string {
  return resources.map(({ urn }) => urn).join(", ");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { titleOf } from "../../policy/resource";
import { noDataDeletionConfig } from "../../policy/rules/dataProtection";
import { resourcesIn } from "../../policy/state";
import type { Engine } from "../cloud/engine";
import { print } from "../../lib/progress";
import { messageOf } from "../../lib/errors";

/**
 * Passes only if the policy pack, given the deployed resources, denies a preview that would replace data resources;
 * nothing here is protected.
 */
export async function mustKeepData(engine: Engine): Promise<void> {
  const { standing: deployed } = await deployedNow(engine);
  const before = await engine.cli("config", "get", "projectName");
  await engine.cli("config", "set", "projectName", "renamed");
  const error = await engine
    .preview({ "no-data-deletion": { standing: deployed } })
    .then(() => "", messageOf)
    .finally(() => engine.cli("config", "set", "projectName", before));
  const refused = error.split("\n").filter((line) => line.startsWith("no-data-deletion"));
  // The key is renamed by its alias alone, and a repository may belong to another owner.
  const renamed = deployed.filter(({ urn }) => !urn.includes("aws:kms/key:Key::"));
  if (renamed.length === 0) throw new Error("expected resources with data in the state, got none");
  for (const { urn } of renamed) {
    const name = titleOf(urn);
    if (!error.includes(`${name} would be replaced`))
      throw new Error(
        `expected replacement of ${name} to be denied, but ${error === "" ? "it was allowed" : `got: ${error}`}`,
      );
  }
  for (const line of refused) print(`    ${line}`);
}

/** What holds data, as `npm run policy -- before.json --standing` has it. */
async function deployedNow({ cli, folder }: Engine) {
  await cli("stack", "export", "--file", "before.json");
  const state: unknown = JSON.parse(readFileSync(join(folder, "before.json"), "utf8"));
  return noDataDeletionConfig(resourcesIn(state));
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { titleOf } from "../policy/resource";
import { standingIn } from "../policy/rules/data";
import { resourcesIn } from "../policy/state";
import type { Engine } from "./engine";
import { say } from "./progress";
import { messageOf } from "./steps";

/**
 * Passes only if the policy pack, told of what stands, refuses a preview that would replace what holds data; nothing
 * here is protected.
 */
export async function mustKeepData(engine: Engine): Promise<void> {
  const { standing } = await standingNow(engine);
  const before = await engine.cli("config", "get", "projectName");
  await engine.cli("config", "set", "projectName", "renamed");
  const refusal = await engine
    .preview({ "data-is-kept": { standing } })
    .then(() => "", messageOf)
    .finally(() => engine.cli("config", "set", "projectName", before));
  const refused = refusal.split("\n").filter((line) => line.startsWith("data-is-kept"));
  // The key is renamed by its alias alone, and a repository may be somebody else's.
  const renamed = standing.filter(({ urn }) => !urn.includes("aws:kms/key:Key::"));
  if (renamed.length === 0) throw new Error("nothing that holds data stands");
  for (const { urn } of renamed) {
    const name = titleOf(urn);
    if (!refusal.includes(`${name} would be replaced`))
      throw new Error(`it is not refused that ${name} is replaced: ${refusal || "nothing is"}`);
  }
  for (const line of refused) say(`    ${line}`);
}

/** What holds data, as `npm run policy -- before.json --standing` has it. */
async function standingNow({ cli, folder }: Engine) {
  await cli("stack", "export", "--file", "before.json");
  const state: unknown = JSON.parse(readFileSync(join(folder, "before.json"), "utf8"));
  return standingIn(resourcesIn(state));
}

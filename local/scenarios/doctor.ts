import type { Engine } from "../cloud/engine";
import { print } from "../../lib/progress";
import type { Row } from "../cloud/provider/inventory";
import { deploy } from "./deployedStack";
import { npmScript } from "./npmScript";
import type { Steps } from "../report/steps";

/** Deploys the stack as {@link deploy} does, with `npm run doctor` before and after. */
export async function deployWithDoctor(
  engine: Engine,
  steps: Steps,
  existing: readonly Row[],
): Promise<void> {
  await steps.step("doctor: no problems found, all names available", () =>
    mustFindNoProblems(engine, "free"),
  );
  await deploy(engine, steps, existing);
  await steps.step("doctor: no problems found, all names belong to this stack", () =>
    mustFindNoProblems(engine, "this stack's own"),
  );
}

/** Passes only if the doctor finds no problems, and these names. */
async function mustFindNoProblems(engine: Engine, names: string): Promise<void> {
  const lines = await npmScript(engine, "doctor");
  for (const line of lines) print(`    ${line}`);
  const found = lines.filter((line) => line.endsWith(`: ${names}`)).length;
  // Two buckets, alias, group and log group; a repository may belong to another owner.
  if (found < 5)
    throw new Error(`expected at least 5 names with "${names}", got ${found.toString()}`);
}

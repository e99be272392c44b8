import { callsOf } from "../scripts/doctor/calls";
import { examine } from "../scripts/doctor/examine";
import { type Finding, lineOf } from "../scripts/doctor/finding";
import type { Engine } from "./engine";
import { say } from "./progress";
import type { Row } from "./provider/inventory";
import { standUp } from "./standing";
import type { Steps } from "./steps";

/** Brings up this project's own stack as {@link standUp} does, and has the doctor look before and after. */
export async function standUpFit(
  engine: Engine,
  steps: Steps,
  others: readonly Row[],
): Promise<void> {
  await steps.step("doctor: no problems found, all names available", () =>
    mustBeFit(engine, "free"),
  );
  await standUp(engine, steps, others);
  await steps.step("doctor: no problems found, all names belong to this stack", () =>
    mustBeFit(engine, "this stack's own"),
  );
}

/** Passes only if `npm run doctor` would find nothing to fix, and each name that outlives a stack to be as said. */
async function mustBeFit({ cli, cloud }: Engine, names: string): Promise<void> {
  const findings: Finding[] = [];
  const { region } = cloud;
  await examine(
    // Never the profile of a stack file: the local cloud has credentials of its own.
    { ask: cli, callsOf: () => callsOf({ region }), stackName: await cli("stack", "--show-name") },
    (finding) => {
      findings.push(finding);
      say(`    ${lineOf(finding)}`);
    },
  );
  const toFix = findings.filter(({ kind }) => kind === "fix");
  if (toFix.length > 0) throw new Error(toFix.map(lineOf).join("\n"));
  const asSaid = findings.filter(({ what }) => what.endsWith(`: ${names}`));
  // Two buckets, alias, group and log group; a repository may be that of others.
  if (asSaid.length < 5)
    throw new Error(`expected at least 5 names with "${names}", got ${asSaid.length.toString()}`);
}

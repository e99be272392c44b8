import { rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { driftReport } from "./stack/driftReport";
import { openStack } from "./stack/openStack";
import { type Plan, isClean, planOf } from "./stack/plan";
import { summaryOf } from "./stack/planComment";
import { thisRun } from "./stack/thisRun";

const DRIFTED = 3;

void command({
  name: "npm run drift",
  help: `npm run drift -- --stack NAME [--stack NAME ...] [options]

Reads everything that the stacks made from AWS, and shows what an update would change: what was changed by hand, and what
was never deployed. Changes nothing.

Options
  --stack NAME   which stack; more than once for several
  --cwd DIR      the folder of Pulumi.yaml and the stack files (default: here)
  --report FILE  write what was found to FILE, in Markdown; without a finding, FILE is removed

Needs the Pulumi CLI on PATH, logged in to the stacks' state, and AWS credentials that may read.

Exit codes: 0 nothing drifted; 3 something did, or could not be previewed; 1 it failed; 2 the command line was wrong`,
  read: (args) => {
    const options = { ...stackOptions, report: { type: "string" } } as const;
    const { values } = parseArgs({ args, options });
    return { chosen: chosenStacks(values, "at least one"), report: values.report };
  },
  work: async ({ chosen, report }) => {
    const plans: Plan[] = [];
    for (const one of chosen) {
      const show = (text: string): void => void process.stdout.write(text);
      const plan = await planOf(await openStack(one), { refresh: true, show });
      if (plan.error !== undefined) console.error(plan.error);
      plans.push(plan);
    }
    for (const plan of plans) console.log(`${plan.stackName}: ${summaryOf(plan)}`);
    if (report !== undefined) {
      const found = driftReport(plans, thisRun(process.env));
      if (found === undefined) rmSync(report, { force: true });
      else writeFileSync(report, `${found}\n`);
    }
    return plans.every(isClean) ? 0 : DRIFTED;
  },
});

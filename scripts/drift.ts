import { rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { driftReport } from "./stack/driftReport";
import { openStack } from "./stack/openStack";
import { type Plan, isClean, planOf } from "./stack/plan";
import { summaryOf } from "./stack/planComment";
import { reportSource } from "./stack/reportSource";

const DRIFTED = 3;

void command({
  name: "npm run drift",
  help: `npm run drift -- --stack NAME [--stack NAME ...] [options]

Refreshes the stacks' resources from AWS and shows what an update would change: manual changes in
AWS, and code that is not deployed. Changes nothing.

Options
  --stack NAME   stack to check; repeat it for several
  --cwd DIR      folder of Pulumi.yaml and the stack files (default: the current folder)
  --report FILE  write the drift to FILE, in Markdown; without drift, FILE is deleted

Needs the Pulumi CLI on PATH, logged in to the stacks' state, and AWS credentials with read access.

Exit codes: 0 no drift; 3 drift, or a preview failed; 1 failed; 2 invalid command line`,
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
      const found = driftReport(plans, reportSource(process.env));
      if (found === undefined) rmSync(report, { force: true });
      else writeFileSync(report, `${found}\n`);
    }
    return plans.every(isClean) ? 0 : DRIFTED;
  },
});

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { openStack } from "./stack/openStack";
import { planOf } from "./stack/plan";
import { planComment, summaryOf } from "./stack/planComment";
import { thisRun } from "./stack/thisRun";

void command({
  name: "npm run preview",
  help: `npm run preview -- --stack NAME [options]

Shows what an update of the stack would do, as pulumi preview --diff does, judged by the policy pack. Changes nothing.

Options
  --stack NAME    which stack
  --cwd DIR       the folder of Pulumi.yaml and the stack files (default: here)
  --comment FILE  also write it to FILE as a comment for a pull request: what is deleted or replaced first, then the diff

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials that may read.

Exit codes: 0 it would go through; 1 it failed, or the pack refuses something; 2 the command line was wrong`,
  read: (args) => {
    const options = { ...stackOptions, comment: { type: "string" } } as const;
    const { values } = parseArgs({ args, options });
    const [chosen] = chosenStacks(values, "one");
    return { chosen, comment: values.comment };
  },
  work: async ({ chosen, comment }) => {
    if (chosen === undefined) return 2;
    const show = (text: string): void => void process.stdout.write(text);
    const plan = await planOf(await openStack(chosen), { refresh: false, show });
    if (comment !== undefined)
      writeFileSync(comment, `${planComment(plan, thisRun(process.env))}\n`);
    for (const one of plan.refused) console.error(`refused: ${one}`);
    if (plan.error !== undefined) console.error(plan.error);
    console.log(`${plan.stackName}: ${summaryOf(plan)}`);
    return plan.error === undefined && plan.refused.length === 0 ? 0 : 1;
  },
});

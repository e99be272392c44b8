import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { openStack } from "./stack/openStack";
import { planOf } from "./stack/plan";
import { planComment, summaryOf } from "./stack/planComment";
import { reportSource } from "./stack/reportSource";

void command({
  name: "npm run preview",
  help: `npm run preview -- --stack NAME [options]

Previews an update of the stack with the policy pack, like pulumi preview --diff. Changes nothing.

Options
  --stack NAME    stack to preview
  --cwd DIR       folder of Pulumi.yaml and the stack files (default: the current folder)
  --comment FILE  also write a pull-request comment to FILE: deletions and replacements first, then
                  the diff

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials with read access.

Exit codes: 0 no problem; 1 failed, or a policy violation; 2 invalid command line`,
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
      writeFileSync(comment, `${planComment(plan, reportSource(process.env))}\n`);
    for (const violation of plan.violations) console.error(`policy violation: ${violation}`);
    if (plan.error !== undefined) console.error(plan.error);
    console.log(`${plan.stackName}: ${summaryOf(plan)}`);
    return plan.error === undefined && plan.violations.length === 0 ? 0 : 1;
  },
});

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { reportSource } from "./github/reportSource";
import { isRejected, planOf } from "./stack/plan";
import { planComment, summaryOf } from "./stack/planComment";
import { stackIn, stackOption } from "./stackOption";

void command({
  name: "npm run preview",
  help: `npm run preview -- --stack NAME [options]

Previews an update of the stack with the policy pack, like pulumi preview --diff. Changes nothing.

Options
  --stack NAME    stack to preview
  --comment FILE  also write a pull-request comment to FILE: deletions and replacements first, then
                  the diff

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials with read access.

Exit codes: 0 no problem; 1 failed, or a policy violation; 2 invalid command line`,
  read: (args) => {
    const options = { ...stackOption, comment: { type: "string" } } as const;
    const { comment, stack } = parseArgs({ args, options }).values;
    return { comment, stack: stackIn(stack) };
  },
  work: async ({ comment, stack }) => {
    const { openStack } = await import("./stack/openStack");
    const show = (text: string): void => void process.stdout.write(text);
    const plan = await planOf(await openStack(process.cwd(), stack), show);
    if (comment !== undefined)
      writeFileSync(comment, `${planComment(plan, reportSource(process.env))}\n`);
    for (const violation of plan.violations) console.error(`policy violation: ${violation}`);
    if (plan.error !== undefined) console.error(plan.error);
    console.log(`${plan.stackName}: ${summaryOf(plan)}`);
    return isRejected(plan) ? 1 : 0;
  },
});

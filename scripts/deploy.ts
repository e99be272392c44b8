import { parseArgs } from "node:util";

import { command } from "./command";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { openStack, policyPacks } from "./stack/openStack";
import { planOf } from "./stack/plan";
import { summaryOf } from "./stack/planComment";

const show = (text: string): void => void process.stdout.write(text);

void command({
  name: "npm run deploy",
  help: `npm run deploy -- --stack NAME [options]

Brings the stack up, without asking: a preview under the policy pack, since part of the pack judges a whole stack and would
come too late in an update; then pulumi up, if nothing is refused. Both read everything from AWS first, so that what was
changed by hand is repaired.

Options
  --stack NAME  which stack
  --cwd DIR     the folder of Pulumi.yaml and the stack files (default: here)

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials that may make what the stack has.

Exit codes: 0 it is up; 1 it failed, or the pack refuses something; 2 the command line was wrong`,
  read: (args) => chosenStacks(parseArgs({ args, options: stackOptions }).values, "one"),
  work: async (chosen) => {
    for (const one of chosen) {
      const stack = await openStack(one);
      const plan = await planOf(stack, { refresh: true, show });
      console.log(`${plan.stackName}: ${summaryOf(plan)}`);
      for (const refusal of plan.refused) console.error(`refused: ${refusal}`);
      if (plan.error !== undefined) console.error(plan.error);
      if (plan.error !== undefined || plan.refused.length > 0) return 1;
      // The engine's own words are printed as they come, so a failure needs no others.
      const up = stack.up({ color: "never", onOutput: show, policyPacks, refresh: true });
      await up.catch((error: unknown) => {
        throw new Error(`the update of ${plan.stackName} failed; what was made stays`, {
          cause: error,
        });
      });
    }
    return 0;
  },
});

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

Deploys the stack without confirmation: first a preview with the policy pack, then pulumi up if
the preview has no policy violation. The preview comes first because some rules check the whole
stack: in an update they would fail too late. Both refresh the state from AWS, so that the update
reverts manual changes.

Options
  --stack NAME  stack to deploy
  --cwd DIR     folder of Pulumi.yaml and the stack files (default: the current folder)

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials that may create
the stack's resources.

Exit codes: 0 deployed; 1 failed, or a policy violation; 2 invalid command line`,
  read: (args) => chosenStacks(parseArgs({ args, options: stackOptions }).values, "one"),
  work: async (chosen) => {
    for (const one of chosen) {
      const stack = await openStack(one);
      const plan = await planOf(stack, { refresh: true, show });
      console.log(`${plan.stackName}: ${summaryOf(plan)}`);
      for (const violation of plan.violations) console.error(`policy violation: ${violation}`);
      if (plan.error !== undefined) console.error(plan.error);
      if (plan.error !== undefined || plan.violations.length > 0) return 1;
      // The engine's output is printed already, so the error does not repeat it.
      const up = stack.up({ color: "never", onOutput: show, policyPacks, refresh: true });
      await up.catch((error: unknown) => {
        throw new Error(
          `the update of ${plan.stackName} failed; resources that it created are not deleted`,
          { cause: error },
        );
      });
    }
    return 0;
  },
});

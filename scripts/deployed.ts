import { parseArgs } from "node:util";

import { command } from "./command";
import { deployedReport } from "./deployed/deployedReport";
import { deployedTarget } from "./deployed/deployedTarget";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { openStack } from "./stack/openStack";

void command({
  name: "npm run deployed",
  help: `npm run deployed -- --stack NAME [options]

Shows which model version each endpoint of the stack really runs, since when, from which commit, and what it ran before.
Changes nothing.

Options
  --stack NAME  which stack
  --cwd DIR     the folder of Pulumi.yaml and the stack files (default: here)

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's account that may read:
those of aws:profile if the stack's config has it, else what AWS's tools would find here (AWS_PROFILE, for example).

Exit codes: 0 shown, also where nothing is deployed; 1 it failed; 2 the command line was wrong`,
  read: (args) => chosenStacks(parseArgs({ args, options: stackOptions }).values, "one"),
  work: async (chosen) => {
    for (const one of chosen) {
      const stack = await openStack(one);
      const outputs = Object.entries(await stack.outputs());
      const { endpointNames, ...where } = deployedTarget(
        Object.fromEntries(outputs.map(([name, { value }]): [string, unknown] => [name, value])),
        await stack.getAllConfig(),
      );
      const { SageMaker } = await import("@aws-sdk/client-sagemaker");
      for (const line of await deployedReport(endpointNames, new SageMaker(where)))
        console.log(line);
    }
    return 0;
  },
});

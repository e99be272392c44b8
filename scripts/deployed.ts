import { parseArgs } from "node:util";

import { command } from "./command";
import { deployedReport } from "./deployed/deployedReport";
import { deployedTarget } from "./deployed/deployedTarget";
import { chosenStacks, stackOptions } from "./stack/chosenStacks";
import { openStack } from "./stack/openStack";

void command({
  name: "npm run deployed",
  help: `npm run deployed -- --stack NAME [options]

Shows the model version that each endpoint of the stack serves, since when, its commit and the
previous versions. Reads from AWS and changes nothing.

Options
  --stack NAME  stack to show
  --cwd DIR     folder of Pulumi.yaml and the stack files (default: the current folder)

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's
account with read access: the profile in aws:profile of the stack config, or else the default
credentials of the AWS SDK (AWS_PROFILE, for example).

Exit codes: 0 shown, also if nothing is deployed; 1 failed; 2 invalid command line`,
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

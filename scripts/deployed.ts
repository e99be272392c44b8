import { deployedReport } from "./deployed/deployedReport";
import { deployedTarget } from "./deployed/deployedTarget";
import { pulumiJson } from "./pulumiCli";
import { onStack } from "./stackOption";

void onStack({
  name: "npm run deployed",
  help: `npm run deployed -- --stack NAME

Shows the model version that each endpoint of the stack serves, since when, its commit and the
previous versions. Reads from AWS and changes nothing.

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's
account with read access: the profile in aws:profile of the stack config, or else the default
credentials of the AWS SDK (AWS_PROFILE, for example).

Exit codes: 0 shown, also if nothing is deployed; 1 failed; 2 invalid command line`,
  work: async (stack) => {
    const outputs = pulumiJson("stack", "output", "--json", "--stack", stack);
    const config = pulumiJson("config", "--json", "--stack", stack);
    const { endpointNames, ...where } = deployedTarget(outputs, config);
    const { SageMaker } = await import("@aws-sdk/client-sagemaker");
    for (const line of await deployedReport(endpointNames, new SageMaker(where))) console.log(line);
    return 0;
  },
});

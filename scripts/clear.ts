import { connect } from "../components/seeding/connect";
import { mustBeIn } from "../components/seeding/seedRepository";
import { askPulumi } from "./askPulumi";
import { clearBuilt } from "./clearBuilt";
import { clearTarget } from "./clearTarget";
import { onStack } from "./stackOption";

const HELP = `npm run clear -- --stack NAME

Deletes what builds made beside a dev stack, and Pulumi knows nothing of: every model version in its model package
group, and its SageMaker pipeline. AWS deletes no group that holds versions, so this comes before pulumi destroy.
A stack with the posture prod is refused: what it registered is there to stay.

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's account: those of
aws:profile if the stack's config has it, else what AWS's tools would find here (AWS_PROFILE, for example).

Exit codes: 0 cleared, or nothing to do; 1 it failed; 2 the command line was wrong`;

void onStack({ help: HELP, name: "npm run clear", work: clear });

async function clear(stack: string): Promise<void> {
  const outputs = askPulumi("stack", "output", "--json", "--stack", stack);
  const config = askPulumi("config", "--json", "--stack", stack);
  const { accountId, built, ...where } = clearTarget(outputs, config);
  await mustBeIn(accountId, await connect(where), "what builds made must be deleted");
  const { SageMaker } = await import("@aws-sdk/client-sagemaker");
  const done = await clearBuilt(built, new SageMaker(where), (line) => {
    console.log(`deleted ${line}`);
  });
  if (done === 0) console.log("there was nothing to delete");
}

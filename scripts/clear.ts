import { connect } from "../components/seeding/connect";
import { mustBeIn } from "../components/seeding/seedRepository";
import { askPulumi } from "./askPulumi";
import { clearBuilt } from "./clearBuilt";
import { clearDeployed, endpointClients, endpointsOf } from "./clearDeployed";
import { clearTarget } from "./clearTarget";
import { onStack } from "./stackOption";

const HELP = `npm run clear -- --stack NAME

Deletes what builds made beside a dev stack, and the stack's own Pulumi state knows nothing of: the endpoints of staging
and production with their configs, models, alarms, scaling and logs, every model version in its model package group, and
its SageMaker pipeline. From then on nothing serves. Endpoints cost money as long as they stand, and AWS deletes no group
that holds versions, so this comes before pulumi destroy.
A stack with the posture prod is refused: what it registered and serves is there to stay.

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's account: those of
aws:profile if the stack's config has it, else what AWS's tools would find here (AWS_PROFILE, for example).

Exit codes: 0 cleared, or nothing to do; 1 it failed; 2 the command line was wrong`;

void onStack({ help: HELP, name: "npm run clear", work: clear });

async function clear(stack: string): Promise<void> {
  const outputs = askPulumi("stack", "output", "--json", "--stack", stack);
  const config = askPulumi("config", "--json", "--stack", stack);
  const { accountId, built, ...where } = clearTarget(outputs, config);
  await mustBeIn(accountId, await connect(where), "what builds made must be deleted");
  const tell = (line: string): void => {
    console.log(`deleted ${line}`);
  };
  const clients = await endpointClients(where);
  let done = 0;
  for (const endpoint of endpointsOf(built.modelPackageGroupName)) {
    done += await clearDeployed(endpoint, clients, tell);
  }
  done += await clearBuilt(built, clients.sagemaker, tell);
  if (done === 0) console.log("there was nothing to delete");
}

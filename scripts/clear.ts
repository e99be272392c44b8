import { accessIn } from "./access";
import { clientOptions } from "../components/seeding/credentials";
import { connect } from "../components/seeding/connect";
import { stemOfModelPackageGroup } from "../components/names/names";
import { mustBeIn } from "../components/seeding/seedRepository";
import { clearBuilt } from "./clearBuilt";
import { clearDeployed, endpointClients, endpointsOf } from "./clearDeployed";
import { clearTarget } from "./clearTarget";
import { guardServices } from "./prove/clients";
import { deleteLeftGuard } from "./prove/guard";
import { pulumiJson } from "./pulumiCli";
import { onStack } from "./stackOption";

const HELP = `npm run clear -- --stack NAME

Deletes what builds and deployments of a dev stack created outside its Pulumi state:
- the staging and prod endpoints with their endpoint configs, models, scaling, schedule and log groups
- every model version in the model package group
- the SageMaker pipeline
- the schedules, role, rule and queue of a killed npm run prove
After that, no endpoint serves predictions. Run it before pulumi destroy: endpoints cost money
until they are deleted, and AWS does not delete a model package group that has versions.
The copies of deployed models stay in the artifact bucket until pulumi destroy deletes the bucket.
Rejects a stack with posture prod: its model versions and endpoints are retained.

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's
account: those of aws:profile and aws:assumeRoles of the stack config, or else the default
credentials of the AWS SDK (AWS_PROFILE, for example).

Exit codes: 0 deleted, or nothing to delete; 1 failed; 2 invalid command line`;

void onStack({ help: HELP, name: "npm run clear", work: clear });

async function clear(stack: string): Promise<number> {
  const outputs = pulumiJson("stack", "output", "--json", "--stack", stack);
  const config = pulumiJson("config", "--json", "--stack", stack);
  const { accountId, built, partition, region } = clearTarget(outputs, config);
  const where = await clientOptions(accessIn(config), region);
  await mustBeIn(accountId, await connect(where), "models and endpoints must be deleted");
  const report = (line: string): void => {
    console.log(`deleted ${line}`);
  };
  const clients = await endpointClients(where);
  let count = 0;
  for (const endpoint of endpointsOf(built.modelPackageGroupName)) {
    count += await clearDeployed(endpoint, clients, report);
  }
  count += await clearBuilt(built, clients.sagemaker, report);
  const stem = stemOfModelPackageGroup(built.modelPackageGroupName);
  const guarded = { accountId, partition, region, stem };
  const guard = await deleteLeftGuard(clients, guarded, () => guardServices(where));
  guard.forEach(report);
  count += guard.length;
  if (count === 0) console.log("nothing to delete");
  return 0;
}

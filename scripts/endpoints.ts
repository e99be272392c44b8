import { accessIn } from "./access";
import { clientOptions } from "../components/seeding/credentials";
import { connect } from "../components/seeding/connect";
import { mustBeIn } from "../components/seeding/seedRepository";
import { command } from "./command";
import { isAnsweredYes } from "../lib/question";
import { type EndpointClients, endpointClients } from "./endpoints/clients";
import { type EndpointsInput, endpointsInput } from "./endpoints/commandLine";
import { deletionsOf, runDeletions } from "./endpoints/deletion";
import { type Deployment, deploymentOf } from "./endpoints/deployment";
import { retry } from "./endpoints/retry";
import { rollback } from "./endpoints/rollback";
import { statusReport } from "./endpoints/statusReport";
import { pulumiJson } from "./pulumiCli";

void command({
  name: "npm run endpoints",
  help: `npm run endpoints -- status|delete|rollback|retry --stack NAME

  status    shows the model version of each endpoint, since when, its commit and the previous
            versions; until when the staging endpoint exists; a pending approval; the last
            deployment; the alarms of production in ALARM
  delete    deletes endpoints with their scaling, endpoint configs, models and schedule; their log
            groups remain until npm run clear; lists everything first
  rollback  starts a deployment of the newest earlier version of production that is approved, with
            test and approval
  retry     retries the failed stage of the newest failed deployment

Options
  --stack NAME     stack of the endpoints
  --endpoint NAME  delete: staging, prod or all; default staging
  --yes            delete: without the question
  --version N      rollback: the approved version to deploy

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's
account: those of aws:profile and aws:assumeRoles of the stack config, or else the default
credentials of the AWS SDK (AWS_PROFILE, for example).

Exit codes: 0 done, or nothing to do; 1 failed, or not confirmed; 2 invalid command line`,
  read: endpointsInput,
  work: async (input) => {
    const outputs = pulumiJson("stack", "output", "--json", "--stack", input.stack);
    const config = pulumiJson("config", "--json", "--stack", input.stack);
    const deployment = deploymentOf(outputs);
    if (deployment === undefined) {
      console.log(
        "this stack does not deploy models. Next: set deploy.enabled to true and run pulumi up",
      );
      return 0;
    }
    const { accountId, region } = deployment;
    const where = await clientOptions(accessIn(config), region);
    await mustBeIn(accountId, await connect(where), "endpoints must be read and changed");
    return run(input, deployment, await endpointClients(where));
  },
});

async function run(
  input: EndpointsInput,
  deployment: Deployment,
  clients: EndpointClients,
): Promise<number> {
  switch (input.action) {
    case "status":
      print(await statusReport(deployment, clients));
      return 0;
    case "delete":
      return deleteEndpoints(input, deployment, clients);
    case "rollback":
      print((await rollback(deployment, clients, input.version)).lines);
      return 0;
    case "retry":
      print((await retry(deployment, clients.codepipeline)).lines);
      return 0;
  }
}

async function deleteEndpoints(
  { endpoint, isConfirmed }: EndpointsInput,
  { names }: Deployment,
  clients: EndpointClients,
): Promise<number> {
  const stages = endpoint === "all" ? (["staging", "prod"] as const) : [endpoint];
  // Both are listed before the first is deleted: production may be changing.
  const deletions = [];
  for (const stage of stages)
    deletions.push(...(await deletionsOf(names[stage].endpoint, clients)));
  if (deletions.length === 0) {
    console.log("nothing to delete");
    return 0;
  }
  print(["to delete:", ...deletions.map(({ resource }) => `  ${resource}`)]);
  if (!isConfirmed && !(await isAnsweredYes("Delete these resources? Type yes: "))) {
    console.error("nothing was deleted. Next: repeat the command with --yes, or type yes");
    return 1;
  }
  // An endpoint takes minutes.
  await runDeletions(deletions, {
    deleted: (resource) => {
      console.log(`deleted ${resource}`);
    },
    deleting: (resource) => {
      console.log(`deleting ${resource}`);
    },
  });
  return 0;
}

function print(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import type { Stepping } from "../../report/steps";
import { ownerClients } from "../../iam/clients";
import { mustNotify, runs } from "../notifications";
import { type DeployScenario, mustEnd, runDeployments } from "./deployScenario";
import { mustRun } from "./running";
import { decide } from "./versions";

/** A stack update: staging becomes serverless, and deployments need no approval. */
export async function runServerless(
  { step }: Stepping,
  scenario: DeployScenario,
  change: () => Promise<void>,
): Promise<void> {
  const { inbox, testEnvironment } = scenario;
  await step(
    "pulumi up with deploy.staging.kind serverless and deploy.approval none changes no endpoint",
    async () => {
      await change();
      await testEnvironment.context.proxy.reread();
      await mustRun("staging", 2, scenario);
    },
  );
  await step(
    "the next deployment deletes the staging endpoint, creates it serverless, and needs no approval",
    async () => {
      const before = await stagingOf(scenario);
      await decide(1, "Approved", scenario);
      mustEnd(await runDeployments(scenario), "Succeeded");
      await mustNotify(inbox, runs);
      const after = await stagingOf(scenario);
      const size = after.ProductionVariants?.[0]?.CurrentServerlessConfig;
      if (size === undefined || before.CreationTime?.getTime() === after.CreationTime?.getTime())
        throw new Error(`expected a new serverless endpoint, got ${JSON.stringify(after)}`);
      testEnvironment.timeline.note("Endpoint", `staging is serverless: ${JSON.stringify(size)}`);
      await mustRun("staging", 1, scenario);
      await mustRun("prod", 1, scenario);
    },
  );
}

async function stagingOf({
  deployment,
  testEnvironment,
}: DeployScenario): Promise<DescribeEndpointOutput> {
  const sagemaker = await ownerClients(testEnvironment.context).sagemaker();
  return sagemaker.describeEndpoint({ EndpointName: deployment.stagingEndpointName });
}

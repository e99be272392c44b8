import { z } from "zod";

import type { Stepping } from "../../report/steps";
import { ownerClients } from "../../iam/clients";
import { mustNotify, runs, waits } from "../notifications";
import {
  type DeployScenario,
  commitDeploySource,
  approve,
  mustEnd,
  runDeployments,
} from "./deployScenario";
import { mustAnswerInProduction, mustRun } from "./running";
import { decide } from "./versions";

const CONFIG = "prod-config.json";
const PERCENT = 25;

/** A commit to the deploy repository has production shift its traffic in equal steps. */
export async function runLinear({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  await step(
    `with linear in ${CONFIG}, version 2 deploys to production in steps of ${PERCENT.toString()} %`,
    async () => {
      await commitLinear(scenario);
      await decide(2, "Approved", scenario);
      mustEnd(await runDeployments(scenario, approve), "Succeeded");
      await mustNotify(inbox, waits, runs);
      const sagemaker = await ownerClients(testEnvironment.context).sagemaker();
      const { LastDeploymentConfig: last } = await sagemaker.describeEndpoint({
        EndpointName: deployment.prodEndpointName,
      });
      const { LinearStepSize, Type } =
        last?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration ?? {};
      if (Type !== "LINEAR" || LinearStepSize?.Value !== PERCENT)
        throw new Error(`expected a linear traffic shift, got ${JSON.stringify(last)}`);
      await mustRun("prod", 2, scenario);
      await mustAnswerInProduction(2, scenario);
    },
  );
}

const configShape = z.record(z.string(), z.unknown());

function commitLinear(scenario: DeployScenario): Promise<void> {
  return commitDeploySource(
    "Shift in steps",
    (files) => {
      const text = Buffer.from(files[CONFIG] ?? "{}").toString();
      const { canary: _, ...others } = configShape.parse(JSON.parse(text));
      const config = { ...others, linear: { percent: PERCENT, minutes: 5 } };
      return { [CONFIG]: `${JSON.stringify(config, undefined, 2)}\n` };
    },
    scenario,
  );
}

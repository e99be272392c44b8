import { setTimeout as sleep } from "node:timers/promises";

import { type Other, beside, together } from "../../services/beside";
import { sampleAt } from "../answers";
import { ownerClients } from "../../iam/clients";
import { MINUTE_MS, realMs } from "../../services/simulatedTime";
import { modelVersion } from "../../services/sagemaker/execution";
import type { DeployScenario } from "./deployScenario";
import { versionArn } from "./versions";

const EVERY_SECONDS = 10;
const MOST_MINUTES = 15;

/** Simulates until this alarm is in ALARM, while clients invoke production. */
export async function mustBeInAlarm(alarm: string, scenario: DeployScenario): Promise<void> {
  const { meanwhile = clients(scenario), context } = withTraffic(scenario).testEnvironment;
  const cloudwatch = await ownerClients(context).cloudwatch();
  const untilAlarm = async (signal: AbortSignal): Promise<void> => {
    const deadline = Date.now() + MOST_MINUTES * MINUTE_MS;
    while (Date.now() < deadline) {
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [alarm] });
      if (MetricAlarms[0]?.StateValue === "ALARM") return;
      await sleep(realMs(EVERY_SECONDS), undefined, { signal });
    }
    throw new Error(`expected the alarm ${alarm} in ALARM within ${MOST_MINUTES.toString()} min`);
  };
  await beside(untilAlarm, [meanwhile], context.signal);
}

/** The scenario, with clients that invoke production all the time. */
export function withTraffic(scenario: DeployScenario): DeployScenario {
  const { testEnvironment } = scenario;
  const { meanwhile } = testEnvironment;
  const traffic = clients(scenario);
  const both = meanwhile === undefined ? traffic : together(meanwhile, traffic);
  return { ...scenario, testEnvironment: { ...testEnvironment, meanwhile: both } };
}

/** Clients do not mind errors. */
function clients(scenario: DeployScenario): Other {
  const { deployment, testEnvironment } = scenario;
  const { context } = testEnvironment;
  return async (isOver) => {
    const { CustomerMetadataProperties } = await modelVersion(versionArn(1, scenario), context);
    const sample = await sampleAt(CustomerMetadataProperties?.SampleLocation ?? "", context);
    const runtime = await ownerClients(context).runtime();
    while (!isOver()) {
      await runtime
        .invokeEndpoint({
          EndpointName: deployment.prodEndpointName,
          Body: sample.body,
          ContentType: "text/csv",
          Accept: "text/csv",
        })
        .catch(() => undefined);
      await sleep(realMs(EVERY_SECONDS), undefined, { signal: context.signal });
    }
  };
}

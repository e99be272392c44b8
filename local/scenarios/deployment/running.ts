import { mustBeAsEvaluated, sampleAt } from "../answers";
import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import { modelVersion } from "../../services/sagemaker/execution";
import type { DeployScenario } from "./deployScenario";
import { mustSayTheSame } from "./registryStages";
import { versionArn } from "./versions";

/** Which version an endpoint runs, by the tags of what serves; undefined if there is no endpoint that serves. */
export async function runningVersion(
  EndpointName: string,
  context: AwsContext,
): Promise<number | undefined> {
  const sagemaker = await ownerClients(context).sagemaker();
  const { Endpoints = [] } = await sagemaker.listEndpoints({ NameContains: EndpointName });
  if (!Endpoints.some((one) => one.EndpointName === EndpointName)) return undefined;
  const { EndpointConfigName, EndpointStatus } = await sagemaker.describeEndpoint({ EndpointName });
  if (EndpointStatus !== "InService") return undefined;
  const config = await sagemaker.describeEndpointConfig({ EndpointConfigName });
  const { Tags = [] } = await sagemaker.listTags({ ResourceArn: config.EndpointConfigArn });
  return Number(Tags.find(({ Key }) => Key === "ModelVersion")?.Value);
}

/** Where the archive lies that an endpoint loads. */
export async function servedArchive(EndpointName: string, context: AwsContext): Promise<string> {
  const sagemaker = await ownerClients(context).sagemaker();
  const { EndpointConfigName } = await sagemaker.describeEndpoint({ EndpointName });
  const config = await sagemaker.describeEndpointConfig({ EndpointConfigName });
  const { ModelName } = config.ProductionVariants?.[0] ?? {};
  const { PrimaryContainer } = await sagemaker.describeModel({ ModelName });
  return PrimaryContainer?.ModelDataUrl ?? "";
}

/**
 * Passes only if the endpoint runs this version; undefined for none. With production, the registry
 * must say the same of both endpoints.
 */
export async function mustRun(
  endpoint: "prod" | "staging",
  version: number | undefined,
  scenario: DeployScenario,
): Promise<void> {
  const { deployment, testEnvironment } = scenario;
  const name = deployment[`${endpoint}EndpointName`];
  const running = await runningVersion(name, testEnvironment.context);
  if (running !== version) {
    throw new Error(
      `expected endpoint ${name} to serve version ${String(version)}, got ${String(running)}`,
    );
  }
  testEnvironment.timeline.note(
    "Endpoint",
    version === undefined
      ? `${name} does not exist`
      : `${name} serves version ${version.toString()}`,
  );
  if (endpoint === "prod") {
    const staging = await runningVersion(deployment.stagingEndpointName, testEnvironment.context);
    await mustSayTheSame({ prod: version, staging }, scenario);
  }
}

/** Passes only if production answers the sample requests of the version as evaluation said that it would. */
export async function mustAnswerInProduction(
  version: number,
  scenario: DeployScenario,
): Promise<void> {
  const { deployment, testEnvironment } = scenario;
  const { context, timeline } = testEnvironment;
  const { CustomerMetadataProperties } = await modelVersion(versionArn(version, scenario), context);
  const sample = await sampleAt(CustomerMetadataProperties?.SampleLocation ?? "", context);
  const EndpointName = deployment.prodEndpointName;
  const runtime = await ownerClients(context).runtime();
  const { Body } = await runtime.invokeEndpoint({
    EndpointName,
    Body: sample.body,
    ContentType: "text/csv",
    Accept: "text/csv",
  });
  const count = mustBeAsEvaluated(Body.transformToString(), sample);
  timeline.note(
    "Endpoint",
    `${EndpointName}: ${count.toString()} predictions equal the evaluation`,
  );
}

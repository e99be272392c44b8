import type { ModelBuildOutputs } from "../components/outputs/contract";
import type { Handover } from "./decide";
import {
  type Deployment,
  deploymentName,
  hasLocalStorage,
  historyOf,
  shortHash,
} from "./deployments";
import type { Environment } from "./environment";
import type { Running } from "./running";
import type { Settings } from "./settings";
import { type StageConfig, usualThresholds } from "./stageConfig";

type Storage = Pick<
  ModelBuildOutputs,
  "artifactBucketName" | "artifactKeyArn" | "modelPackageGroupName"
>;

/** Where one endpoint lives, and with whose permissions its model runs. */
export type Surroundings = Pick<Environment, "endpointName" | "network" | "roleArn"> & {
  readonly storage: Storage;
};

/** All that shapes an endpoint, but the model version: two deployments of the same hash differ in nothing else. */
export function settingsHash(
  config: StageConfig,
  { endpointName, network, roleArn, storage }: Surroundings,
): string {
  const { artifactBucketName, artifactKeyArn, modelPackageGroupName } = storage;
  const stored = { artifactBucketName, artifactKeyArn, modelPackageGroupName };
  return shortHash({ config, endpointName, network, roleArn, stored });
}

/** What the program is to be told, and what the driver must know of it. */
export interface Plan {
  readonly settings: Settings;
  readonly wanted: Deployment;
  /** What runs now, unless that is what is wanted. */
  readonly previous?: Deployment | undefined;
}

/**
 * What a stage's endpoint is to run, and what it runs now, so that the new configuration stands before the old one goes.
 * @param standing the deployments that the stack has made
 */
export function planOf(
  { modelPackageArn, modelVersion }: Pick<Handover, "modelPackageArn" | "modelVersion">,
  config: StageConfig,
  surroundings: Surroundings,
  {
    project,
    running,
    standing,
  }: {
    readonly project: Pick<Environment, "projectId" | "projectName">;
    readonly running: Running | undefined;
    readonly standing: readonly Deployment[];
  },
): Plan {
  const serving = running?.isServing === true ? running : undefined;
  const current = standing.find(({ name }) => name === serving?.configName);
  const { autoscaling, canary, instanceCount } = config;
  const { maximumErrors, maximumLatencyMilliseconds } = canary ?? usualThresholds;

  const shape = (instances: number) =>
    shapeOf(modelPackageArn, modelVersion, instances, config, surroundings);
  const named = (instances: number): Deployment => ({
    name: deploymentName(surroundings.endpointName, shape(instances)),
    ...shape(instances),
    earlierVersions: historyOf(modelVersion, serving?.model),
    settings: settingsHash(config, surroundings),
  });
  // A new configuration brings its own number of instances: without this, an update would take away what autoscaling added.
  const scaled = autoscaling && Math.min(autoscaling.maximum, serving?.instances ?? 0);
  const fresh = named(Math.max(instanceCount, scaled ?? 0));
  // But what runs already is not made anew because it was scaled since.
  const same = autoscaling && current && named(current.instanceCount);
  const wanted = same?.name === current?.name && same !== undefined ? same : fresh;
  const isRunning = wanted.name === serving?.configName;
  const previous = isRunning ? undefined : current;
  return {
    previous,
    wanted,
    settings: {
      ...project,
      endpointName: surroundings.endpointName,
      deployments: previous === undefined ? [wanted] : [wanted, previous],
      isRunning,
      thresholds: { maximumErrors, maximumLatencyMilliseconds },
      canary: canary && { minutes: canary.minutes, percent: canary.percent },
      autoscaling,
    },
  };
}

function shapeOf(
  modelPackageArn: string,
  modelVersion: number,
  instanceCount: number,
  { dataCapture, instanceType }: StageConfig,
  { endpointName, network, roleArn, storage }: Surroundings,
) {
  const { artifactBucketName, artifactKeyArn, modelPackageGroupName } = storage;
  return {
    modelPackageArn,
    modelVersion,
    instanceType,
    instanceCount,
    executionRoleArn: roleArn,
    ...(hasLocalStorage(instanceType) ? {} : { volumeKeyArn: artifactKeyArn }),
    ...(dataCapture === undefined
      ? {}
      : {
          capture: {
            destination: `s3://${artifactBucketName}/${modelPackageGroupName}/captured/${endpointName}`,
            keyArn: artifactKeyArn,
            samplingPercentage: dataCapture.samplingPercentage,
          },
        }),
    ...(network === undefined ? {} : { network }),
  };
}

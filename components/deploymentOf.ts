import * as pulumi from "@pulumi/pulumi";

import type { DeployNetworkArgs } from "./deployArgs";
import type { ModelBuildPipeline } from "./modelBuildPipeline";
import { ModelDeployPipeline } from "./modelDeployPipeline";
import type { settleStack } from "./settings";

/** What deploys the models of a model build, by the settings of the same stack; nothing if they do not ask for it. */
export function deploymentOf(
  name: string,
  build: ModelBuildPipeline,
  { deploy: { enabled, ...deploy }, ...settings }: ReturnType<typeof settleStack>,
): ModelDeployPipeline | undefined {
  if (!enabled) return undefined;
  const { logs, permissionsBoundaryArn, posture, projectId, projectName } = settings;
  return new ModelDeployPipeline(name, {
    ...deploy,
    ...networkOf(build, settings.network.packageIndexUrl),
    administratorArns: settings.artifacts.administratorArns,
    imageRepositoryArns: settings.training.imageRepositoryArns,
    logs,
    modelBuild: build,
    posture,
    projectId,
    projectName,
    ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn }),
  });
}

function networkOf(
  { networkSecurityGroupIds, networkSubnetIds, networkVpcId }: ModelBuildPipeline,
  packageIndexUrl: string | undefined,
): { network?: DeployNetworkArgs } {
  if (networkVpcId === undefined || networkSubnetIds === undefined) return {};
  return {
    network: {
      securityGroupIds: networkSecurityGroupIds ?? pulumi.output([]),
      subnetIds: networkSubnetIds,
      vpcId: networkVpcId,
      ...(packageIndexUrl === undefined ? {} : { packageIndexUrl }),
    },
  };
}

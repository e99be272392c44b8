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
  {
    networkSecurityGroupIds: securityGroupIds,
    networkSubnetIds: subnetIds,
    networkVpcId: vpcId,
  }: ModelBuildPipeline,
  packageIndexUrl: string | undefined,
): { network?: DeployNetworkArgs } {
  if (securityGroupIds === undefined || subnetIds === undefined || vpcId === undefined) return {};
  const index = packageIndexUrl === undefined ? {} : { packageIndexUrl };
  return { network: { securityGroupIds, subnetIds, vpcId, ...index } };
}

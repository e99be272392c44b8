import type { DeployNetworkArgs } from "./modelDeployPipelineArgs";
import type { ModelBuildPipeline } from "../modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "./modelDeployPipeline";
import type { resolveStackSettings } from "../validation/settings";

/** `ModelDeployPipeline` of a model build, if the settings of the stack enable it. */
export function createDeployment(
  name: string,
  build: ModelBuildPipeline,
  { deploy: { enabled, ...deploy }, ...settings }: ReturnType<typeof resolveStackSettings>,
): ModelDeployPipeline | undefined {
  if (!enabled) return undefined;
  const { logs, namePrefix, permissionsBoundaryArn, posture, projectId, projectName } = settings;
  return new ModelDeployPipeline(name, {
    ...deploy,
    ...deployNetworkArgs(build, settings.network.packageIndexUrl),
    administratorArns: settings.artifacts.administratorArns,
    imageRepositoryArns: settings.training.imageRepositoryArns,
    logs,
    modelBuild: build,
    namePrefix,
    posture,
    projectId,
    projectName,
    ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn }),
  });
}

function deployNetworkArgs(
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

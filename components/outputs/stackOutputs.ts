import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipeline } from "../modelBuild/modelBuildPipeline";
import type { ModelDeployPipeline } from "../modelDeploy/modelDeployPipeline";
import { type ModelBuildOutputs, contractVersion } from "./contract";

type Outputs = {
  readonly [Name in keyof ModelBuildOutputs]: pulumi.Output<ModelBuildOutputs[Name]>;
};

/** Stack outputs of a program, for readers that use `modelBuildOutputs`. */
export function stackOutputs(
  pipeline: ModelBuildPipeline,
  deployment?: ModelDeployPipeline,
): Outputs {
  return {
    approverPolicy: pipeline.approverPolicy,
    artifactBucketArn: pipeline.artifactBucketArn,
    artifactBucketName: pipeline.artifactBucketName,
    artifactKeyArn: pipeline.artifactKeyArn,
    buildProjectName: pipeline.buildProjectName,
    contractVersion: pulumi.output(contractVersion),
    deployConsoleUrl: deployment?.deployConsoleUrl,
    deployRepositoryCloneUrl: deployment?.deployRepositoryCloneUrl,
    deployRepositoryName: deployment?.deployRepositoryName,
    deployStateBucketName: deployment?.deployStateBucketName,
    executionRoleArn: pipeline.executionRoleArn,
    modelBuildPipelineArn: pipeline.modelBuildPipelineArn,
    modelBuildPipelineName: pipeline.modelBuildPipelineName,
    modelDeployPipelineArn: deployment?.modelDeployPipelineArn,
    modelDeployPipelineName: deployment?.modelDeployPipelineName,
    modelPackageGroupName: pipeline.modelPackageGroupName,
    networkVpcId: pipeline.networkVpcId,
    notificationTopicArn: pipeline.notificationTopicArn,
    pipelineConsoleUrl: pipeline.pipelineConsoleUrl,
    prodEndpointName: deployment?.prodEndpointName,
    sagemakerPipelineName: pipeline.sagemakerPipelineName,
    sourceRepositoryCloneUrl: pipeline.sourceRepositoryCloneUrl,
    sourceRepositoryName: pipeline.sourceRepositoryName,
    stagingEndpointName: deployment?.stagingEndpointName,
  };
}

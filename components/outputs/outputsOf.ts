import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipeline } from "../modelBuildPipeline";
import { type ModelBuildOutputs, contractVersion } from "./contract";

type Outputs = {
  readonly [Name in keyof ModelBuildOutputs]: pulumi.Output<ModelBuildOutputs[Name]>;
};

/** What a program returns, or exports, so that others can read its stack with `modelBuildOutputs`. */
export function outputsOf(pipeline: ModelBuildPipeline): Outputs {
  return {
    approverPolicy: pipeline.approverPolicy,
    artifactBucketArn: pipeline.artifactBucketArn,
    artifactBucketName: pipeline.artifactBucketName,
    artifactKeyArn: pipeline.artifactKeyArn,
    buildProjectName: pipeline.buildProjectName,
    contractVersion: pulumi.output(contractVersion),
    executionRoleArn: pipeline.executionRoleArn,
    modelBuildPipelineArn: pipeline.modelBuildPipelineArn,
    modelBuildPipelineName: pipeline.modelBuildPipelineName,
    modelPackageGroupName: pipeline.modelPackageGroupName,
    networkVpcId: pipeline.networkVpcId,
    notificationTopicArn: pipeline.notificationTopicArn,
    pipelineConsoleUrl: pipeline.pipelineConsoleUrl,
    sourceRepositoryCloneUrl: pipeline.sourceRepositoryCloneUrl,
    sourceRepositoryName: pipeline.sourceRepositoryName,
  };
}

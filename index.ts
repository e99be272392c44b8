import { mustBelong } from "./components/checks/belonging";
import { ModelBuildPipeline } from "./components/modelBuildPipeline";
import { whereabouts } from "./components/place";
import { loadSettings } from "./config";

// A function, not top-level code: the Automation API runs the program more than once in one process.
export = async () => {
  const settings = loadSettings();
  // The component checks this too, but only here can it stop the program with nothing but the message.
  mustBelong(settings, await whereabouts(), "the stack config");
  const pipeline = new ModelBuildPipeline("model-build", settings);

  return {
    artifactBucketArn: pipeline.artifactBucketArn,
    artifactBucketName: pipeline.artifactBucketName,
    artifactKeyArn: pipeline.artifactKeyArn,
    buildProjectName: pipeline.buildProjectName,
    contractVersion: 1, // one more whenever an output is removed or changes its meaning
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
};

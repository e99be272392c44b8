import { ModelBuildPipeline } from "./components/modelBuildPipeline";
import { loadSettings } from "./config";

/** Version of the outputs below: one more whenever an output is removed or changes its meaning. */
const contractVersion = 1;

// A function, not top-level code: the Automation API runs the program more than once in one process.
export = async () => {
  const pipeline = new ModelBuildPipeline("model-build", loadSettings());

  return {
    artifactBucketArn: pipeline.artifactBucketArn,
    artifactBucketName: pipeline.artifactBucketName,
    artifactKeyArn: pipeline.artifactKeyArn,
    buildProjectName: pipeline.buildProjectName,
    contractVersion,
    executionRoleArn: pipeline.executionRoleArn,
    modelBuildPipelineArn: pipeline.modelBuildPipelineArn,
    modelBuildPipelineName: pipeline.modelBuildPipelineName,
    modelPackageGroupName: pipeline.modelPackageGroupName,
    pipelineConsoleUrl: pipeline.pipelineConsoleUrl,
    sourceRepositoryCloneUrl: pipeline.sourceRepositoryCloneUrl,
    sourceRepositoryName: pipeline.sourceRepositoryName,
  };
};

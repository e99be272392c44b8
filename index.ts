import { ModelBuildPipeline, ModelDeployPipeline, stackOutputs } from "./components";
import { loadArgs } from "./config";

// A function: the Automation API runs the program more than once in one process.
export = async () => {
  const args = await loadArgs();
  const build = new ModelBuildPipeline("model-build", args.modelBuild);
  const deployment =
    args.modelDeploy &&
    new ModelDeployPipeline("model-deploy", { ...args.modelDeploy, modelBuild: build });

  return stackOutputs(build, deployment);
};

import { assertOwnership } from "./components/validation/ownership";
import { createDeployment } from "./components/modelDeploy/createDeployment";
import { ModelBuildPipeline } from "./components/modelBuild/modelBuildPipeline";
import { stackOutputs } from "./components/outputs";
import { getAwsContext } from "./components/shared/awsContext";
import { loadSettings } from "./config";

// A function: the Automation API runs the program more than once in one process.
export = async () => {
  const { deploy, ...settings } = loadSettings();
  // The components validate this too. Here, the program stops with the message only.
  assertOwnership({ ...settings, deploy }, await getAwsContext(), "the stack config");
  const build = new ModelBuildPipeline("model-build", { ...settings, deployment: deploy.enabled });

  return stackOutputs(build, createDeployment("model-deploy", build, { ...settings, deploy }));
};

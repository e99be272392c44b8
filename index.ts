import { mustBelong } from "./components/checks/belonging";
import { deploymentOf } from "./components/deploymentOf";
import { ModelBuildPipeline } from "./components/modelBuildPipeline";
import { outputsOf } from "./components/outputs";
import { whereabouts } from "./components/place";
import { loadSettings } from "./config";

// A function, not top-level code: the Automation API runs the program more than once in one process.
export = async () => {
  const { deploy, ...settings } = loadSettings();
  // The components check this too, but only here can it stop the program with nothing but the message.
  mustBelong({ ...settings, deploy }, await whereabouts(), "the stack config");
  const build = new ModelBuildPipeline("model-build", { ...settings, deployment: deploy.enabled });

  return outputsOf(build, deploymentOf("model-deploy", build, { ...settings, deploy }));
};

import { mustBelong } from "./components/checks/belonging";
import { ModelBuildPipeline } from "./components/modelBuildPipeline";
import { outputsOf } from "./components/outputs";
import { whereabouts } from "./components/place";
import { loadSettings } from "./config";

// A function, not top-level code: the Automation API runs the program more than once in one process.
export = async () => {
  const settings = loadSettings();
  // The component checks this too, but only here can it stop the program with nothing but the message.
  mustBelong(settings, await whereabouts(), "the stack config");
  const pipeline = new ModelBuildPipeline("model-build", settings);

  return outputsOf(pipeline);
};

export { type ModelBuildOutputs, contractVersion } from "./contract";
export { modelBuildOutputs, modelBuildOutputsIn } from "./modelBuildOutputs";
export { stackOutputs } from "./stackOutputs";

export { type ModelBuildOutputs, contractVersion } from "./contract";
export { modelBuildOutputs } from "./modelBuildOutputs";
export { stackOutputs } from "./stackOutputs";

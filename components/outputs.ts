export { type ModelBuildOutputs, contractVersion } from "./outputs/contract";
export { modelBuildOutputs, modelBuildOutputsIn } from "./outputs/modelBuildOutputs";
export { stackOutputs } from "./outputs/stackOutputs";

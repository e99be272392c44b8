export { type ModelBuildOutputs, contractVersion } from "./outputs/contract";
export { modelBuildOutputs } from "./outputs/modelBuildOutputs";
export { outputsOf } from "./outputs/outputsOf";

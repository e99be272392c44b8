export type * from "./args";
export type * from "./deployArgs";
export { ModelBuildPipeline } from "./modelBuildPipeline";
export { ModelDeployPipeline } from "./modelDeployPipeline";

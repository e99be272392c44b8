export type * from "./modelBuild/modelBuildPipelineArgs";
export type * from "./deployArgs";
export { ModelBuildPipeline } from "./modelBuild/modelBuildPipeline";
export { ModelDeployPipeline } from "./modelDeployPipeline";

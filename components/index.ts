export type * from "./modelBuild/modelBuildPipelineArgs";
export type * from "./modelDeploy/modelDeployPipelineArgs";
export { ModelBuildPipeline } from "./modelBuild/modelBuildPipeline";
export { ModelDeployPipeline } from "./modelDeploy/modelDeployPipeline";
export { stackOutputs } from "./outputs/stackOutputs";

export type * from "./args";
export { ModelBuildPipeline } from "./modelBuildPipeline";

/**
 * The local cloud for any Pulumi program: `withLocalCloud(tools, stack, signal, work)` starts an
 * emulated AWS, opens the Pulumi engine for a stack, and deletes both after `work`.
 */
export { type OpenOther, type Tools, prepareTools, withLocalCloud } from "./cloud/localCloud";
export type { Engine, StackProgram } from "./cloud/engine";

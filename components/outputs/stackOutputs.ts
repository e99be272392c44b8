import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipeline } from "../modelBuild/modelBuildPipeline";
import type { ModelDeployPipeline } from "../modelDeploy/modelDeployPipeline";
import {
  type ModelBuildOutputs,
  contractVersion,
  modelBuildContract,
  modelDeployContract,
} from "./contract";

type Outputs = {
  readonly [Name in keyof ModelBuildOutputs]: pulumi.Output<ModelBuildOutputs[Name]> | undefined;
};

/** Stack outputs of a program, for readers that use `modelBuildOutputs`. */
export function stackOutputs(
  pipeline: ModelBuildPipeline,
  deployment?: ModelDeployPipeline,
): Outputs {
  const outputs = {
    ...pick(pipeline, modelBuildContract),
    ...pick(deployment ?? {}, modelDeployContract),
    contractVersion: pulumi.output(contractVersion),
  };
  return outputs as Outputs;
}

function pick(component: object, names: object): Record<string, unknown> {
  const entries = Object.keys(names).map((name) => [name, Reflect.get(component, name) as unknown]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

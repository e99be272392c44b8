import { type Json, checked, asJson } from "../json";
import { isMet } from "../conditions";
import type { Step, StepOf } from "../definition";
import { modelRequest } from "../modelRequest";
import { type Scope, resolve } from "../resolve";
import type { Outcome, Site } from "../site";
import { modelCreation } from "../servingRequests";
import { jobName } from "../jobName";
import { simulateProcessing } from "./processing";
import { simulateTrainingJob } from "./training";
import { simulateTransformJob } from "./transform";

/** Plays one step whose needs have run. */
export async function simulateStep(step: Step, scope: Scope, site: Site): Promise<Outcome> {
  switch (step.Type) {
    case "Condition": {
      const isTrue = step.Arguments.Conditions.every((one) => isMet(one, scope));
      const outcome = isTrue ? "True" : "False";
      return { metadata: { Condition: { Outcome: outcome } }, described: { Outcome: outcome } };
    }
    case "Fail": {
      const message = resolve(step.Arguments.ErrorMessage, scope);
      const text = typeof message === "string" ? message : JSON.stringify(message);
      return { metadata: { Fail: { ErrorMessage: text } }, failureReason: text };
    }
    case "Processing":
      return simulateProcessing(step, resolve(step.Arguments, scope), site);
    case "Training":
      return simulateTrainingJob(step, resolve(step.Arguments, scope), site);
    case "Transform":
      return simulateTransformJob(step, resolve(step.Arguments, scope), site);
    case "Model":
      return simulateModel(step, resolve(step.Arguments, scope), site);
    case "RegisterModel":
      return simulateRegisterModel(resolve(step.Arguments, scope), site);
    default:
      throw new Error(`the local cloud does not simulate the step type ${step.Type}`);
  }
}

/** Creates a model, under the pipeline's role. */
async function simulateModel(
  { Name }: StepOf<"Model">,
  args: Json,
  { execution, pipelineClients }: Site,
): Promise<Outcome> {
  const sagemaker = await pipelineClients.sagemaker();
  const { image: _, ...request } = checked(modelCreation, args);
  const ModelName = jobName(execution.id, Name);
  const { ModelArn: Arn } = await sagemaker.createModel({ ...request, ModelName });
  const described = await sagemaker.describeModel({ ModelName });
  return { metadata: { Model: { Arn } }, described: asJson(described) };
}

/** Registers a model version in its group, under the pipeline's role. */
async function simulateRegisterModel(args: Json, { pipelineClients }: Site): Promise<Outcome> {
  const sagemaker = await pipelineClients.sagemaker();
  const request = checked(modelRequest, args);
  const { ModelPackageArn } = await sagemaker.createModelPackage(request);
  const described = await sagemaker.describeModelPackage({ ModelPackageName: ModelPackageArn });
  return {
    metadata: { RegisterModel: { Arn: ModelPackageArn } },
    described: asJson(described),
  };
}

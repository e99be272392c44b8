import type { DeliveryRun } from "../../local/services/codepipeline/simulateDelivery";
import type { Execution } from "../../local/services/sagemaker/execution";
import type { StepRecord } from "../../local/services/sagemaker/simulateSteps";
import { sampleEvent } from "./events";

const project = "mlops-churn--dev--modelbuild";
const id = `${project}:b7f3a1de-63a0-4e5e-9a3c-0d6a1c0d7e11`;
const console = "https://console.aws.amazon.com/codebuild/home?region=us-east-1";
const run = {
  pipelineName: project,
  pipelineArn: `arn:aws:codepipeline:us-east-1:123456789012:${project}`,
  executionId: "9e0ef6a2-1a5f-4b8e-9d6c-2f3f1d3b7c55",
  commitId: "4f2c1ab9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4",
  pipelineVersion: 3,
  startTime: "2026-11-23T09:00:31.204Z",
  variables: {},
  status: "Failed",
  actions: [],
  lines: [],
} as const;
const actionExecutionId = "47f821c5-a902-44b2-ae61-b878d31ecd21";

/** The run of the sample events, whose build failed by this exit status. */
export function failedBuild(status = 1): DeliveryRun {
  const command = status === 99 ? "run-pipeline --wait" : "uv sync --frozen";
  return {
    ...run,
    failure: {
      stage: "Build",
      actionExecutionId,
      action: "BuildAndExecuteSageMakerPipeline",
      type: { category: "Build", owner: "AWS", provider: "CodeBuild", version: "1" },
      reason:
        "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, " +
        `Message: Error while executing command: ${command}. Reason: exit status ${String(status)}`,
      build: { id, url: `${console}#/builds/${id}/view/new` },
    },
  };
}

/** The same run, had it found no branch. */
export const noBranch: DeliveryRun = {
  ...run,
  failure: {
    stage: "Source",
    actionExecutionId,
    action: "ModelBuildWorkflowCode",
    type: { category: "Source", owner: "AWS", provider: "CodeCommit", version: "1" },
    reason: `The branch main was not found in the repository ${project}`,
  },
};

const at = (time: string): Date => new Date(`2026-11-23T${time}Z`);
const arn = "arn:aws:sagemaker:us-east-1:123456789012";
/** The training run of the sample events. */
export const execution: Execution = {
  arn: `${arn}:pipeline/mlops-churn--dev--training/execution/p4jn9xou8a8s`,
  definition: { Version: "2020-12-01", Parameters: [], PipelineExperimentConfig: null, Steps: [] },
  description: "Started by CodePipeline execution 9e0ef6a2-1a5f-4b8e-9d6c-2f3f1d3b7c55",
  displayName: "commit-4f2c1ab9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4",
  id: "p4jn9xou8a8s",
  pipelineArn: `${arn}:pipeline/mlops-churn--dev--training`,
  roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1",
  scope: { execution: {}, parameters: {} },
  startTime: at("09:10:13.123"),
};
const begun = { startTime: at("09:10:14.5"), seconds: 355 };

/** Its training step, as it ended in a sample. */
export function train(status: "Failed" | "Stopped"): StepRecord {
  const Arn = `${arn}:training-job/pipelines-p4jn9xou8a8s-Train-tmgxry49ug`;
  const step = {
    ...begun,
    name: "Train",
    type: "Training",
    metadata: { TrainingJob: { Arn } },
  } as const;
  const failureReason = String(sampleEvent("step-failed").detail.failureReason);
  return status === "Failed" ? { ...step, status, failureReason } : { ...step, status };
}

/** The step that rejects the model, as in a sample. */
export const reject: StepRecord = {
  ...begun,
  name: "QualityTooLow",
  type: "Fail",
  status: "Failed",
  metadata: { Fail: { ErrorMessage: "Accuracy is below 0.9" } },
  failureReason: "Accuracy is below 0.9",
};
/** The step that registers the model. */
export const register: StepRecord = {
  ...begun,
  name: "Register",
  type: "RegisterModel",
  status: "Succeeded",
  metadata: { RegisterModel: { Arn: `${arn}:model-package/mlops-churn--dev--models/2` } },
};
/** What `DescribeModelPackage` tells of the version whose event is a sample. */
export const model = {
  ...sampleEvent("model-package-pending").detail,
  ModelPackageName: "mlops-churn--dev--models/2",
  CreationTime: at("09:20:14.2"),
  LastModifiedTime: undefined,
};

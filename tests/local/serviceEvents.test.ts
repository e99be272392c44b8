import { strict as assert } from "node:assert";

import {
  actionEvent,
  deliveryRunEvent,
  stageEvent,
} from "../../local/services/eventbridge/deliveryEvents";
import {
  modelVersionEvent,
  stepEvent,
  trainingRunEvent,
} from "../../local/services/eventbridge/trainingEvents";
import { awsContext } from "../support/mocks";

const delivery = {
  ...awsContext,
  pipeline: "churn",
  pipelineVersion: 3,
  executionId: "9e0ef6a2-1a5f-4b8e-9d6c-2f3f1d3b7c55",
  startTime: "2026-11-23T09:00:31.204Z",
};
const deliveryFacts = {
  pipeline: "churn",
  "execution-id": delivery.executionId,
  "start-time": delivery.startTime,
  version: 3,
  "pipeline-execution-attempt": 1,
};
const pipelineArn = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--training";
const executionArn = `${pipelineArn}/execution/p4jn9xou8a8s`;
const training = {
  ...awsContext,
  pipelineArn,
  executionArn,
  displayName: "commit-1",
  startTime: "2026-11-23T09:10:13Z",
};

describe("events that the local cloud sends", () => {
  it("match CodePipeline's events of pipeline, stage and action; only the action has a reason", () => {
    const run = deliveryRunEvent(delivery, "STARTED", { type: "CreatePipeline", detail: "d" });
    assert.deepEqual(
      [run.source, run["detail-type"], run.resources, run.account, run.region],
      [
        "aws.codepipeline",
        "CodePipeline Pipeline Execution State Change",
        ["arn:aws:codepipeline:us-east-1:123456789012:churn"],
        "123456789012",
        "us-east-1",
      ],
    );
    assert.deepEqual(run.detail, {
      ...deliveryFacts,
      "execution-trigger": { "trigger-type": "CreatePipeline", "trigger-detail": "d" },
      state: "STARTED",
    });
    assert.deepEqual(deliveryRunEvent(delivery, "FAILED").detail, {
      ...deliveryFacts,
      state: "FAILED",
    });
    assert.deepEqual(stageEvent(delivery, "Build", "SUCCEEDED").detail, {
      ...deliveryFacts,
      stage: "Build",
      state: "SUCCEEDED",
    });

    const type = { owner: "AWS", provider: "CodeBuild", category: "Build", version: "1" };
    const action = { stage: "Build", action: "Run", actionExecutionId: "a", type };
    const result = {
      id: "b:1",
      url: "https://u",
      summary: "exit status 1",
      errorCode: "JobFailed",
    };
    const failed = actionEvent(delivery, { ...action, result }, "FAILED");
    assert.equal(failed["detail-type"], "CodePipeline Action Execution State Change");
    assert.deepEqual(failed.detail, {
      ...deliveryFacts,
      stage: "Build",
      "execution-result": {
        "external-execution-url": "https://u",
        "external-execution-summary": "exit status 1",
        "external-execution-id": "b:1",
        "error-code": "JobFailed",
      },
      "action-execution-id": "a",
      action: "Run",
      state: "FAILED",
      region: "us-east-1",
      type,
    });
    assert.ok(!("execution-result" in actionEvent(delivery, action, "STARTED").detail));
  });

  it("match CodePipeline's events of a stopped execution, with its comment", () => {
    assert.deepEqual(deliveryRunEvent(delivery, "STOPPING", undefined, "nothing to do").detail, {
      ...deliveryFacts,
      state: "STOPPING",
      "stop-execution-comments": "nothing to do",
    });
    const type = { owner: "AWS", provider: "Manual", category: "Approval", version: "1" };
    const action = { stage: "Staging", action: "Approve", actionExecutionId: "a", type };
    assert.equal(actionEvent(delivery, action, "ABANDONED").detail.state, "ABANDONED");
  });

  it("match SageMaker's events of execution and step, with the failure reason", () => {
    const endTime = "2026-11-23T09:16:10Z";
    const stopped = { previous: "Stopping", current: "Stopped", endTime } as const;
    const run = trainingRunEvent(training, stopped);
    assert.deepEqual(run.resources, [pipelineArn, executionArn]);
    assert.deepEqual(run.detail, {
      pipelineExecutionDisplayName: "commit-1",
      currentPipelineExecutionStatus: "Stopped",
      previousPipelineExecutionStatus: "Stopping",
      executionStartTime: training.startTime,
      executionEndTime: endTime,
      pipelineArn,
      pipelineExecutionArn: executionArn,
    });

    const metadata = { TrainingJob: { Arn: "j" } };
    const step = { name: "Train", type: "Training", startTime: training.startTime, metadata };
    const change = { previous: "Executing", current: "Failed", endTime } as const;
    assert.deepEqual(stepEvent(training, { ...step, failureReason: "NaN" }, change).detail, {
      metadata: { trainingJob: { arn: "j" } },
      stepStartTime: training.startTime,
      stepEndTime: endTime,
      stepName: "Train",
      stepType: "Training",
      previousStepStatus: "Executing",
      currentStepStatus: "Failed",
      failureReason: "NaN",
      pipelineArn,
      pipelineExecutionArn: executionArn,
    });
  });

  it("match SageMaker's events of a model version, with the updated fields", () => {
    const version = {
      ModelPackageGroupName: "mlops-churn--dev--models",
      ModelPackageVersion: 2,
      ModelPackageArn:
        "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/2",
      ModelPackageStatus: "Completed",
      CertifyForMarketplace: false,
      ModelApprovalStatus: "PendingManualApproval",
      CustomerMetadataProperties: { commit: "1" },
    } as const;
    const CreationTime = new Date("2026-11-23T09:20:14.123Z");
    const InferenceSpecification = { Containers: [{ Image: "i" }] };
    const named = { ...version, ModelPackageName: "mlops-churn--dev--models/2" };
    const described = { ...named, InferenceSpecification, CreationTime };
    const registered = modelVersionEvent(awsContext, described);
    assert.equal(registered["detail-type"], "SageMaker Model Package State Change");
    assert.deepEqual(registered.resources, [version.ModelPackageArn]);
    const detail = {
      ...version,
      InferenceSpecification,
      CreationTime: "2026-11-23T09:20:14Z",
      LastModifiedTime: "2026-11-23T09:20:14Z",
    };
    assert.deepEqual(registered.detail, detail);

    const LastModifiedTime = new Date("2026-11-23T10:00:00Z");
    const updated = ["ModelApprovalStatus"];
    assert.deepEqual(
      modelVersionEvent(awsContext, { ...described, LastModifiedTime }, updated).detail,
      {
        ...detail,
        LastModifiedTime: "2026-11-23T10:00:00Z",
        UpdatedModelPackageFields: updated,
      },
    );
  });
});

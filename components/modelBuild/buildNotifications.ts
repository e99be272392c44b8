import type { Notification, NotificationSubject } from "../shared/notificationRule";

interface Subject extends NotificationSubject {
  /** Whether a build waits until training has ended. */
  waitForTraining: boolean;
}

/** Exit status of a waiting build whose failure a notification of the training has already reported. */
export const reportedFailureStatus = 99;

/**
 * Notifications of the model build, by kind. One failure, one notification: of the events that one failure causes, one
 * rule takes the event that carries the reason, and no rule takes the others (docs/decisions/0008).
 */
export const buildNotifications = {
  "build-failed": buildFailed,
  "model-pending": modelPending,
  "training-failed": trainingFailed,
  "training-stopped": trainingStopped,
};

/** Of all CodePipeline events about a failure, only the action's carries the reason. */
function buildFailed({ names, project, waitForTraining }: Subject): Notification {
  return {
    description: `Notifies when the model build of ${project} fails`,
    ruleName: names.notificationRules["build-failed"],
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: {
        pipeline: [names.pipeline],
        state: ["FAILED"],
        ...(waitForTraining ? notReported : {}),
      },
    },
    paths: {
      action: "$.detail.action",
      execution: "$.detail.execution-id",
      log: "$.detail.execution-result.external-execution-url",
      reason: "$.detail.execution-result.external-execution-summary",
      stage: "$.detail.stage",
    },
    lines: [
      `Model build of ${project} failed.`,
      "Where: action <action> in stage <stage>",
      "Why: <reason>",
      "Build log: <log>",
      "CodePipeline execution: <execution>",
      "Next: correct the cause and push again, or retry the failed stage.",
      `Link: ${names.pipelineUrl}/executions/<execution>/timeline?region=${names.region}`,
    ],
  };
}

/** Should AWS change the wording of the reason, the failure is reported twice rather than not at all. */
const summary = "external-execution-summary";
const notReported = {
  $or: [
    { "execution-result": { [summary]: [{ exists: false }] } },
    {
      "execution-result": {
        [summary]: [
          { "anything-but": { wildcard: `*exit status ${String(reportedFailureStatus)}*` } },
        ],
      },
    },
  ],
};

/** The failed execution sends an event too, without the step and the reason. */
function trainingFailed({ names, project }: Subject): Notification {
  return {
    description: `Notifies when a training step of ${project} fails`,
    ruleName: names.notificationRules["training-failed"],
    pattern: {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Model Building Pipeline Execution Step Status Change"],
      detail: { currentStepStatus: ["Failed"], pipelineArn: [names.sagemakerPipelineArn] },
    },
    paths: {
      execution: "$.detail.pipelineExecutionArn",
      reason: "$.detail.failureReason",
      step: "$.detail.stepName",
      type: "$.detail.stepType",
    },
    lines: [
      `Training of ${project} failed.`,
      "Where: step <step> (<type>)",
      "Why: <reason>",
      "SageMaker pipeline execution: <execution>",
      "Next: read the log of the step, correct the cause and push again.",
      `Link: SageMaker Studio, Pipelines, ${names.sagemakerPipeline}: ${names.studioUrl}`,
    ],
  };
}

/** The steps of a stopped execution are Stopped, not Failed, so this is the only notification. */
function trainingStopped({ names, project }: Subject): Notification {
  return {
    description: `Notifies when training of ${project} is stopped`,
    ruleName: names.notificationRules["training-stopped"],
    pattern: {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
      detail: {
        currentPipelineExecutionStatus: ["Stopped"],
        pipelineArn: [names.sagemakerPipelineArn],
      },
    },
    paths: {
      display: "$.detail.pipelineExecutionDisplayName",
      end: "$.detail.executionEndTime",
      execution: "$.detail.pipelineExecutionArn",
    },
    lines: [
      `Training of ${project} was stopped.`,
      "When: <end>",
      "SageMaker pipeline execution: <display> <execution>",
      "Next: start the CodePipeline again if the model is still needed.",
      `Link: SageMaker Studio, Pipelines, ${names.sagemakerPipeline}: ${names.studioUrl}`,
    ],
  };
}

/** Later edits of a pending version send the same event, but name the edited fields. */
function modelPending({ names, project }: Subject): Notification {
  const changed = "UpdatedModelPackageFields";
  return {
    description: `Notifies when a model version of ${project} is pending approval`,
    ruleName: names.notificationRules["model-pending"],
    pattern: {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Model Package State Change"],
      detail: {
        ModelApprovalStatus: ["PendingManualApproval"],
        ModelPackageGroupName: [names.modelPackageGroup],
        ModelPackageStatus: ["Completed"],
        $or: [{ [changed]: [{ exists: false }] }, { [changed]: ["ModelApprovalStatus"] }],
      },
    },
    paths: {
      commit: "$.detail.CustomerMetadataProperties.GitCommit",
      comparison: "$.detail.CustomerMetadataProperties.Comparison",
      execution: "$.detail.CustomerMetadataProperties.CodePipelineExecutionId",
      model: "$.detail.ModelPackageArn",
      version: "$.detail.ModelPackageVersion",
    },
    lines: [
      `Model version <version> of ${project} is pending approval.`,
      "Commit: <commit>",
      "Model version: <model>",
      "CodePipeline execution: <execution>",
      "Compared with the champion on the same rows: <comparison>",
      "Next: compare its metrics with the approved versions, then approve or reject it.",
      `Link: SageMaker Studio, Models, ${names.modelPackageGroup}: ${names.studioUrl}`,
    ],
  };
}

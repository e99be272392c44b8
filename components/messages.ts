import type { Names } from "./names";

/** Of what and whom a message speaks. */
interface Subject {
  names: Names;
  /** As people call the project, for example `churn (dev)`. */
  project: string;
  /** Whether a build waits until training has ended. */
  waitForTraining: boolean;
}

/** Which events people are told of, and what they read. */
export interface Message {
  /** What the rule is for, for those who look at it. */
  description: string;
  /** Lines of text; `<word>` stands for what `paths` finds in the event, for nothing if it finds nothing. */
  lines: string[];
  /** Where in the event each word is found. */
  paths: Record<string, string>;
  pattern: object;
  ruleName: string;
}

/** The exit status by which a build that waited says that a failed step or a stop, told of already, ended it. */
export const toldAlready = 99;

/**
 * Everything that people are told of. One failure, one message: of the events that one failure causes, each rule takes
 * the one that carries the reason, and no other rule takes the rest (docs/decisions/0008).
 */
export const messages = { failed, letter, pending, step, stopped };

/** An action is the smallest thing that fails in a CodePipeline, and the only one whose event says why. */
function failed({ names, project, waitForTraining }: Subject): Message {
  return {
    description: `Tells people when the model build of ${project} fails`,
    ruleName: names.messageRules.failed,
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: {
        pipeline: [names.pipeline],
        state: ["FAILED"],
        ...(waitForTraining ? notToldAlready : {}),
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
      `The model build of ${project} failed.`,
      "Where: action <action> of stage <stage>",
      "Why: <reason>",
      "CodePipeline execution: <execution>",
      "Build log: <log>",
      `Look here: ${names.pipelineUrl}/executions/<execution>/timeline?region=${names.region}`,
    ],
  };
}

/** If CodeBuild or CodePipeline ever word the reason otherwise, people are told twice, never not at all. */
const summary = "external-execution-summary";
const notToldAlready = {
  $or: [
    { "execution-result": { [summary]: [{ exists: false }] } },
    {
      "execution-result": {
        [summary]: [{ "anything-but": { wildcard: `*exit status ${String(toldAlready)}*` } }],
      },
    },
  ],
};

/** The execution that fails with the step sends an event too, but one that says neither step nor reason. */
function step({ names, project }: Subject): Message {
  return {
    description: `Tells people when a training step of ${project} fails`,
    ruleName: names.messageRules.step,
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
      `Look here: SageMaker Studio, Pipelines, ${names.sagemakerPipeline}: ${names.studioUrl}`,
    ],
  };
}

/** Steps of a stopped execution are Stopped as well, not Failed. */
function stopped({ names, project }: Subject): Message {
  return {
    description: `Tells people when training of ${project} is stopped`,
    ruleName: names.messageRules.stopped,
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
      `Training of ${project} was stopped before its end.`,
      "When: <end>",
      "SageMaker pipeline execution: <display> <execution>",
      `Look here: SageMaker Studio, Pipelines, ${names.sagemakerPipeline}: ${names.studioUrl}`,
    ],
  };
}

/** Later edits of a pending version send the same event, but name the fields that they changed. */
function pending({ names, project }: Subject): Message {
  const changed = "UpdatedModelPackageFields";
  return {
    description: `Tells people when a model version of ${project} waits for approval`,
    ruleName: names.messageRules.pending,
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
      execution: "$.detail.CustomerMetadataProperties.CodePipelineExecutionId",
      model: "$.detail.ModelPackageArn",
      version: "$.detail.ModelPackageVersion",
    },
    lines: [
      `Version <version> of the model of ${project} waits for approval.`,
      "Commit: <commit>",
      "Model version: <model>",
      "CodePipeline execution: <execution>",
      `Approve or reject it here: SageMaker Studio, Models, ${names.modelPackageGroup}: ${names.studioUrl}`,
    ],
  };
}

/** The alarm has no actions of its own: they would tell of the same dead letter once more, in CloudWatch's words. */
function letter({ names, project }: Subject): Message {
  return {
    description: `Tells people when an event of ${project} could not be delivered`,
    ruleName: names.messageRules.letter,
    pattern: {
      source: ["aws.cloudwatch"],
      "detail-type": ["CloudWatch Alarm State Change"],
      resources: [names.alarmArn],
      detail: { state: { value: ["ALARM"] } },
    },
    paths: { reason: "$.detail.state.reason", since: "$.detail.state.timestamp" },
    lines: [
      `An event of ${project} could not be delivered: a push that started no build, or a message like this one.`,
      "Since: <since>",
      "Why we think so: <reason>",
      `Look here, and empty the queue: ${names.queueConsoleUrl}`,
    ],
  };
}

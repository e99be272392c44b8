import { deployStages } from "./deployNames";
import type { Message } from "./messages";
import type { Names } from "./names";

/** Of what and whom a message speaks. */
interface Subject {
  names: Names;
  /** As people call the project, for example `churn (dev)`. */
  project: string;
}

/** The exit status by which a build says that SageMaker went back to the version that ran before. */
export const rolledBackStatus = 98;

/** Everything that people are told of deployments. One event, one message (docs/decisions/0008 and 0019). */
export const deployMessages = { declined, deployed, rolledback, undeployed, waiting };

/**
 * Not of a stage that CodePipeline ran again by itself: what failed before it was told already. AWS documents no trigger
 * of a run that succeeded, only of one that starts; where it sends none, the message still says what is true.
 */
function deployed({ names, project }: Subject): Message {
  const trigger = "execution-trigger";
  const kind = "trigger-type";
  return {
    description: `Tells people when a model of ${project} runs in production`,
    ruleName: names.deploy.messageRules.deployed,
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Pipeline Execution State Change"],
      detail: {
        pipeline: [names.deploy.pipeline],
        state: ["SUCCEEDED"],
        $or: [
          { [trigger]: { [kind]: [{ exists: false }] } },
          { [trigger]: { [kind]: [{ "anything-but": ["AutomatedRollback"] }] } },
        ],
      },
    },
    paths: { execution: "$.detail.execution-id" },
    lines: [
      `A deployment of ${project} ended well: a tested and approved model runs in production, at the endpoint ${names.deploy.prod.endpoint}.`,
      "If one failed just before, CodePipeline ran the last good one again, and the earlier model serves.",
      "CodePipeline execution: <execution>",
      `Look here: ${timelineOf(names)}`,
    ],
  };
}

function waiting({ names, project }: Subject): Message {
  return {
    description: `Tells people when a tested model of ${project} waits to be let into production`,
    ruleName: names.deploy.messageRules.waiting,
    pattern: onAction(names, "STARTED", { action: [deployStages.staging.approve] }),
    paths: { execution: "$.detail.execution-id" },
    lines: [
      `A model of ${project} passed its tests at the endpoint ${names.deploy.staging.endpoint}, and waits for approval.`,
      "CodePipeline execution: <execution>",
      `What the tests found, and what runs now, stands at the approval: ${viewOf(names)}`,
    ],
  };
}

/** Rejected, or left alone for too long. */
function declined({ names, project }: Subject): Message {
  return {
    description: `Tells people when a model of ${project} is not let into production`,
    ruleName: names.deploy.messageRules.declined,
    pattern: onAction(names, "FAILED", { action: [deployStages.staging.approve] }),
    paths: { execution: "$.detail.execution-id", reason: `$.detail.execution-result.${summary}` },
    lines: [
      `A model of ${project} was rejected, or nobody decided in time: production stays as it is.`,
      "Why: <reason>",
      "CodePipeline execution: <execution>",
      `Look here: ${timelineOf(names)}`,
    ],
  };
}

/** If CodeBuild or CodePipeline ever word the reason otherwise, people are told that the deployment failed. */
function rolledback({ names, project }: Subject): Message {
  return {
    description: `Tells people when an endpoint of ${project} went back to the version that ran before`,
    ruleName: names.deploy.messageRules.rolledBack,
    pattern: onAction(names, "FAILED", {
      action: deployActions,
      "execution-result": { [summary]: [{ wildcard: wentBack }] },
    }),
    paths: failurePaths,
    lines: [
      `A model of ${project} was rolled back: the version that ran before serves again.`,
      "Where: action <action> of stage <stage>",
      "Why: an alarm rang while traffic moved over, or the new model did not come up; the build log names it",
      "CodePipeline execution: <execution>",
      "Build log: <log>",
      `Look here: ${timelineOf(names)}`,
    ],
  };
}

/** An action is the smallest thing that fails, and the only one whose event says why; a test may end by any status. */
function undeployed({ names, project }: Subject): Message {
  return {
    description: `Tells people when a deployment of ${project} fails`,
    ruleName: names.deploy.messageRules.undeployed,
    pattern: onAction(names, "FAILED", {
      $or: [
        { action: [{ "anything-but": [deployStages.staging.approve, ...deployActions] }] },
        { action: deployActions, "execution-result": { [summary]: [{ exists: false }] } },
        {
          action: deployActions,
          "execution-result": { [summary]: [{ "anything-but": { wildcard: wentBack } }] },
        },
      ],
    }),
    paths: { ...failurePaths, reason: `$.detail.execution-result.${summary}` },
    lines: [
      `A deployment of ${project} failed.`,
      "Where: action <action> of stage <stage>",
      "Why: <reason>",
      "CodePipeline execution: <execution>",
      "Build log: <log>",
      `Look here: ${timelineOf(names)}`,
    ],
  };
}

const summary = "external-execution-summary";
const wentBack = `*exit status ${String(rolledBackStatus)}*`;
const deployActions = [deployStages.staging.deploy, deployStages.prod.deploy];
const failurePaths = {
  action: "$.detail.action",
  execution: "$.detail.execution-id",
  log: "$.detail.execution-result.external-execution-url",
  stage: "$.detail.stage",
};

function onAction({ deploy }: Names, state: string, detail: object): object {
  return {
    source: ["aws.codepipeline"],
    "detail-type": ["CodePipeline Action Execution State Change"],
    detail: { pipeline: [deploy.pipeline], state: [state], ...detail },
  };
}

function timelineOf({ deploy, region }: Names): string {
  return `${deploy.pipelineUrl}/executions/<execution>/timeline?region=${region}`;
}

function viewOf({ deploy, region }: Names): string {
  return `${deploy.pipelineUrl}/view?region=${region}`;
}

import type { Notification, NotificationSubject } from "../shared/notificationRule";
import { deployStages } from "../names/deployNames";
import type { Names } from "../names/names";

/** Exit status of a build whose endpoint update SageMaker has rolled back to the previous version. */
export const rolledBackStatus = 98;

/** Notifications of deployments, by kind. One event, one notification (docs/decisions/0008 and 0019). */
export const deployNotifications = {
  "deployment-failed": deploymentFailed,
  "deployment-pending": deploymentPending,
  "deployment-rejected": deploymentRejected,
  "deployment-rolled-back": deploymentRolledBack,
  "deployment-succeeded": deploymentSucceeded,
};

/** Notifications of the manual approval; none of them without an approval. */
const approvalNotifications = ["deployment-pending", "deployment-rejected"];

/** Notifications of a deployment with these settings, by kind. */
export function deployNotificationsOf({ approval }: { approval: string }) {
  return Object.entries(deployNotifications).filter(
    ([kind]) => approval !== "none" || !approvalNotifications.includes(kind),
  );
}

/**
 * Not after CodePipeline's automated rollback of a stage, whose failure was already reported. AWS documents the trigger
 * for executions that start, not for those that succeed; the text is true without one too.
 */
function deploymentSucceeded({ names, project }: NotificationSubject): Notification {
  const trigger = "execution-trigger";
  const kind = "trigger-type";
  return {
    description: `Notifies when a deployment of ${project} succeeds`,
    ruleName: names.deploy.notificationRules["deployment-succeeded"],
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
      `Deployment of ${project} succeeded.`,
      `What: the endpoint ${names.deploy.prod.endpoint} serves a tested and approved model version.`,
      "If the deployment before it failed, CodePipeline may have redeployed the previous version.",
      "CodePipeline execution: <execution>",
      "Next: nothing to do.",
      `Link: ${timelineUrl(names)}`,
    ],
  };
}

function deploymentPending({ names, project }: NotificationSubject): Notification {
  return {
    description: `Notifies when a deployment of ${project} is pending approval`,
    ruleName: names.deploy.notificationRules["deployment-pending"],
    pattern: actionPattern(names, "STARTED", { action: [deployStages.staging.approve] }),
    paths: { execution: "$.detail.execution-id" },
    lines: [
      `Deployment of ${project} is pending approval.`,
      `What: the model version passed its tests on the endpoint ${names.deploy.staging.endpoint}.`,
      "The approval says until when the staging endpoint exists.",
      "CodePipeline execution: <execution>",
      "Next: read the test results and the current production version in the approval, then approve or reject it.",
      `Link: ${pipelineViewUrl(names)}`,
    ],
  };
}

/** Rejected, or not approved within the timeout. */
function deploymentRejected({ names, project }: NotificationSubject): Notification {
  return {
    description: `Notifies when a deployment of ${project} is rejected`,
    ruleName: names.deploy.notificationRules["deployment-rejected"],
    pattern: actionPattern(names, "FAILED", { action: [deployStages.staging.approve] }),
    paths: { execution: "$.detail.execution-id", reason: `$.detail.execution-result.${summary}` },
    lines: [
      `Deployment of ${project} was rejected, or its approval timed out. Production is unchanged.`,
      "Why: <reason>",
      "CodePipeline execution: <execution>",
      "Next: to deploy this version after all, retry the stage in CodePipeline and approve it.",
      `Link: ${timelineUrl(names)}`,
    ],
  };
}

/** Should AWS change the wording of the reason, the notification is that the deployment failed. */
function deploymentRolledBack({ names, project }: NotificationSubject): Notification {
  return {
    description: `Notifies when SageMaker rolls back a deployment of ${project}`,
    ruleName: names.deploy.notificationRules["deployment-rolled-back"],
    pattern: actionPattern(names, "FAILED", {
      action: deployActions,
      "execution-result": { [summary]: [{ wildcard: rolledBackSummary }] },
    }),
    paths: failurePaths,
    lines: [
      `Deployment of ${project} was rolled back: the endpoint serves the previous version.`,
      "Where: action <action> in stage <stage>",
      "Why: the canary-verdict alarm fired during the traffic shift, or the new model did not start; the build log has the reason",
      "Build log: <log>",
      "CodePipeline execution: <execution>",
      "Next: read the reason in the build log, correct the model or deploy.alarms in the stack config, then approve a new version.",
      `Link: ${timelineUrl(names)}`,
    ],
  };
}

/** Of all CodePipeline events about a failure, only the action's carries the reason; a test may end with any status. */
function deploymentFailed({ names, project }: NotificationSubject): Notification {
  return {
    description: `Notifies when a deployment of ${project} fails`,
    ruleName: names.deploy.notificationRules["deployment-failed"],
    pattern: actionPattern(names, "FAILED", {
      $or: [
        { action: [{ "anything-but": [deployStages.staging.approve, ...deployActions] }] },
        { action: deployActions, "execution-result": { [summary]: [{ exists: false }] } },
        {
          action: deployActions,
          "execution-result": { [summary]: [{ "anything-but": { wildcard: rolledBackSummary } }] },
        },
      ],
    }),
    paths: { ...failurePaths, reason: `$.detail.execution-result.${summary}` },
    lines: [
      `Deployment of ${project} failed.`,
      "Where: action <action> in stage <stage>",
      "Why: <reason>",
      "Build log: <log>",
      "CodePipeline execution: <execution>",
      "Next: correct the cause, then retry the failed stage in CodePipeline.",
      `Link: ${timelineUrl(names)}`,
    ],
  };
}

const summary = "external-execution-summary";
const rolledBackSummary = `*exit status ${String(rolledBackStatus)}*`;
const deployActions = [deployStages.staging.deploy, deployStages.prod.deploy];
const failurePaths = {
  action: "$.detail.action",
  execution: "$.detail.execution-id",
  log: "$.detail.execution-result.external-execution-url",
  stage: "$.detail.stage",
};

function actionPattern({ deploy }: Names, state: string, detail: object): object {
  return {
    source: ["aws.codepipeline"],
    "detail-type": ["CodePipeline Action Execution State Change"],
    detail: { pipeline: [deploy.pipeline], state: [state], ...detail },
  };
}

function timelineUrl({ deploy, region }: Names): string {
  return `${deploy.pipelineUrl}/executions/<execution>/timeline?region=${region}`;
}

function pipelineViewUrl({ deploy, region }: Names): string {
  return `${deploy.pipelineUrl}/view?region=${region}`;
}

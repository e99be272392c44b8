import type { Reference } from "./references";

/** An arrow between two boxes. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Dotted: not a step of the workflow, for example a notification. */
  readonly isDotted: boolean;
}

/** Label of an arrow, by the reference that it is drawn for. */
interface Label {
  readonly at: string;
  /** Box at which the reference must begin. */
  readonly from?: string;
  /** Box at which the reference must end. */
  readonly to?: string;
  readonly label: string;
  readonly isDotted?: boolean;
}

/** Labels of events, by the name of the EventBridge rule that matches them. */
const events: Readonly<Record<string, string>> = {
  "deploy-approval-rule": "approved, rejected",
  "deploy-deployment-rejected": "ended",
  "deploy-deployment-succeeded": "ended",
  "deploy-deployment-rolled-back": "ended",
  "deploy-deployment-failed": "ended",
  "deploy-deployment-pending": "pending approval",
  "deploy-staging-failed-rule": "staging failed",
  "build-failed": "failed",
  "model-pending": "pending approval",
  "push-rule": "branch updated",
  "training-failed": "failed",
  "training-stopped": "stopped",
};

/** EventBridge rules that start a pipeline. */
const starting = ["deploy-approval-rule", "deploy-staging-failed-rule", "push-rule"];

const labels: readonly Label[] = [
  { at: "cloudwatch/EventTarget.arn", to: "pipeline", label: "starts" },
  { at: "cloudwatch/EventTarget.arn", to: "deployPipeline", label: "starts" },
  { at: "cloudwatch/EventTarget.arn", to: "topic", label: "notify", isDotted: true },
  {
    at: "cloudwatch/EventTarget.deadLetterConfig",
    from: "pushRule",
    label: "undelivered",
    isDotted: true,
  },
  {
    at: "cloudwatch/MetricAlarm.alarmActions",
    from: "undeliveredEvents",
    label: "not empty",
    isDotted: true,
  },
  { at: "cloudwatch/MetricAlarm.alarmActions", from: "endpoints", label: "alarms", isDotted: true },
  { at: "codepipeline/Pipeline.stages", to: "build", label: "runs" },
  { at: "codepipeline/Pipeline.stages", to: "deployBuilds", label: "runs" },
  { at: "codepipeline/Pipeline.stages", to: "deployRepository", label: "reads" },
  { at: "codepipeline/Pipeline.artifactStores", from: "pipeline", to: "bucket", label: "stores" },
  { at: "sagemaker:CreateEndpoint", label: "creates" },
  { at: "sagemaker:InvokeEndpoint", label: "tests" },
  { at: "sagemaker:StartPipelineExecution", label: "starts" },
  { at: "sagemaker:CreateModelPackage", label: "registers" },
  { at: "s3:PutObject", from: "training", label: "stores" },
  { at: "s3:PutObject", from: "deployBuilds", to: "deployedModels", label: "copies" },
  { at: "s3:GetObject", from: "endpoints", to: "deployedModels", label: "load" },
  { at: "s3/BucketServerSideEncryptionConfiguration.rules", from: "bucket", label: "encrypted by" },
];

/** Inputs without an arrow: it would repeat another one, or lead from every box to the key. */
const omitted = [
  "codepipeline/Pipeline.stages", // reads the repository
  "codepipeline/Pipeline.artifactStores",
  "cloudwatch/EventTarget.deadLetterConfig",
  "cloudwatch/Dashboard.dashboardBody",
  "cloudwatch/LogGroup.kmsKeyId",
  "codebuild/Project.encryptionKey",
  "codebuild/Project.environment",
  "kms/Key.policy",
  "s3/BucketPolicy.policy",
  "s3/BucketServerSideEncryptionConfiguration.rules",
  "sns/Topic.kmsMasterKeyId",
  "sns/TopicPolicy.policy",
  "sqs/Queue.kmsMasterKeyId",
];

/**
 * Arrows between boxes, one for each pair and direction.
 * @throws if a reference has no label and is not omitted
 */
export function arrows(references: readonly Reference[]): Arrow[] {
  const drawn = new Map<string, Arrow>();
  for (const arrow of references.flatMap((one) => arrowOf(one) ?? [])) {
    const key = `${arrow.from} ${arrow.to}`;
    const all = new Set([...(drawn.get(key)?.label.split(", ") ?? []), arrow.label]);
    drawn.set(key, { ...arrow, label: [...all].sort().join(", ") });
  }
  return [...drawn.values()];
}

function arrowOf({ at, from, name, to }: Reference): Arrow | undefined {
  if (at === "cloudwatch/EventRule.eventPattern") {
    const label = events[name];
    if (label === undefined) throw noLabel(`the rule ${name}`, "events");
    return { from: to, to: from, label, isDotted: !starting.includes(name) };
  }
  const found = labels.find(
    (it) => it.at === at && (it.from ?? from) === from && (it.to ?? to) === to,
  );
  if (found !== undefined)
    return { from, to, label: found.label, isDotted: found.isDotted ?? false };
  // Most actions that a role allows have no arrow.
  const isAction = /^\w+:/.test(at);
  if (isAction || omitted.includes(at)) return undefined;
  throw noLabel(`${at} from ${from} to ${to}`, "labels or omitted");
}

function noLabel(what: string, table: string): Error {
  return new Error(`${what} must have a label in ${table} of scripts/diagram/arrows.ts`);
}

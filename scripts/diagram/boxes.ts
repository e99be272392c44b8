import { names } from "./graph";

/** A box of the diagram, for one or more resources. */
export interface Box {
  readonly id: string;
  readonly label: string;
  /** Matches the titles of its resources. Not set if the program does not create them. */
  readonly holds?: RegExp;
  /** ARNs, and names as `key=name`: computed names leave no dependency in the graph. */
  readonly known?: readonly string[];
  /** Shape of a person, or dashed frame of a resource that the code of a repository creates. */
  readonly kind?: "code" | "person";
}

const { deploy } = names;

const notificationRules = [
  ...Object.keys(names.notificationRules),
  ...Object.keys(deploy.notificationRules).map((name) => `deploy-${name}`),
];

/** Boxes, by group. A resource that serves another, for example a role, is in the other's box. */
export const groups: Readonly<Record<string, readonly Box[]>> = {
  Push: [
    { id: "scientist", label: "data scientist", kind: "person" },
    {
      id: "repository",
      label: "CodeCommit",
      holds: /^codecommit\/Repository source$/,
      known: [names.defaultRepositoryArn],
    },
    {
      id: "pushRule",
      label: "EventBridge rule",
      holds: /^(cloudwatch\/Event(Rule|Target) push-rule|iam\/\w+ push-rule-role)$/,
    },
    {
      id: "undeliveredEvents",
      label: "dead-letter queue",
      holds: /^(cloudwatch\/MetricAlarm|sqs\/Queue(Policy)?) undelivered-events$/,
      known: [names.alarmArn],
    },
  ],
  "Build and training": [
    {
      id: "pipeline",
      label: "CodePipeline",
      holds: /^(codepipeline\/Pipeline pipeline|iam\/\w+ pipeline-role)$/,
      known: [names.pipelineArn, `pipeline=${names.pipeline}`],
    },
    {
      id: "build",
      label: "CodeBuild",
      holds: /^(codebuild\/Project build|cloudwatch\/LogGroup build-logs|iam\/\w+ build-role)$/,
    },
    {
      id: "training",
      label: "SageMaker pipeline",
      holds: /^iam\/\w+ execution-role$/,
      known: [names.sagemakerPipelineArn],
      kind: "code",
    },
  ],
  "Registry and notifications": [
    {
      id: "registry",
      label: "model package group",
      holds: /^sagemaker\/ModelPackageGroup models$/,
      known: [names.modelPackageGroupArn, `ModelPackageGroupName=${names.modelPackageGroup}`],
    },
    {
      id: "notificationRules",
      label: "EventBridge rules",
      holds: new RegExp(
        `^cloudwatch/Event(Rule|Target) (${notificationRules.join("|")})$|` +
          "^iam/\\w+ notifications-role$",
      ),
    },
    { id: "topic", label: "SNS topic", holds: /^sns\/Topic(Policy)? notifications$/ },
    { id: "subscribers", label: "subscribers", kind: "person" },
  ],
  Deployment: [
    {
      id: "approvalRule",
      label: "EventBridge rules",
      holds:
        /^(cloudwatch\/Event(Rule|Target) deploy-(approval|staging-failed)-rule|iam\/\w+ deploy-approval-rule-role)$/,
    },
    {
      id: "deployPipeline",
      label: "CodePipeline",
      holds: /^(codepipeline\/Pipeline deploy-pipeline|iam\/\w+ deploy-pipeline-role)$/,
      known: [deploy.pipelineArn, `pipeline=${deploy.pipeline}`],
    },
    {
      id: "deployRepository",
      label: "CodeCommit",
      holds: /^codecommit\/Repository deploy-source$/,
      known: [deploy.defaultRepositoryArn],
    },
    {
      id: "deployBuilds",
      label: "CodeBuild",
      holds:
        /^(codebuild\/Project|cloudwatch\/LogGroup|iam\/\w+) deploy-(deploy-prod|deploy-queue|deploy-staging|test-staging)(-logs|-role)?$/,
    },
    {
      id: "deployedModels",
      label: "deployed models in S3",
      known: [deploy.deployedModelsArn],
      kind: "code",
    },
    {
      id: "endpoints",
      label: "SageMaker endpoints",
      // Alarms, dashboard, and the schedule that deletes the staging endpoint serve the endpoints.
      holds: new RegExp(
        "^(cloudwatch/(Dashboard|MetricAlarm) deploy-(dashboard|prod-.+|staging-.+)|" +
          "iam/\\w+ deploy-(serve-(prod|staging)|expire-staging)-role|" +
          "scheduler/ScheduleGroup deploy-staging-schedules)$",
      ),
      known: [deploy.prod.endpointArn, deploy.staging.endpointArn],
      kind: "code",
    },
  ],
  "Storage and encryption": [
    {
      id: "bucket",
      label: "S3 artifact bucket",
      holds: /^s3\/\w+ (access-logs|artifacts)$/,
      known: [`${names.artifactBucketArn}/*`],
    },
    { id: "key", label: "KMS key", holds: /^kms\/(Alias|Key) key$/ },
  ],
};

const boxes = Object.values(groups).flat();

/** Id of the one box of a resource. */
export function boxOf(title: string): string {
  const found = boxes.filter(({ holds }) => holds?.test(title));
  const [box] = found;
  if (box === undefined || found.length > 1)
    throw new Error(
      `"${title}" must be in exactly one box of scripts/diagram/boxes.ts, for example ` +
        `{ id: "bucket", holds: /^s3\\/\\w+ artifacts$/ }; ` +
        `it is in ${found.map(({ id }) => id).join(", ") || "none"}`,
    );
  return box.id;
}

/** Id of the box that has an ARN, or a name as `key=name`. */
export function boxKnownAs(text: string): string | undefined {
  return boxes.find(({ known }) => known?.includes(text))?.id;
}

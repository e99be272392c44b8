import { names } from "./graph";

/** A box of the picture: what it is called, which resources it stands for, and how else inputs name them. */
export interface Box {
  readonly id: string;
  readonly label: string;
  /** Titles of resources. None: the program does not make it. */
  readonly holds?: RegExp;
  /** ARNs, and names with the key that they stand under: computed names leave no dependency in the graph. */
  readonly known?: readonly string[];
  /** Drawn as a person, or as made by the model code. */
  readonly by?: "code" | "person";
}

const { deploy } = names;

/** The boxes, by the stages of the story. What helps another resource, such as a role, is in that one's box. */
export const stages: Readonly<Record<string, readonly Box[]>> = {
  Push: [
    { id: "scientist", label: "data scientist", by: "person" },
    {
      id: "repository",
      label: "CodeCommit",
      holds: /^codecommit\/Repository source$/,
      known: [names.repositoryArn],
    },
    {
      id: "push",
      label: "EventBridge rule",
      holds: /^(cloudwatch\/Event(Rule|Target) on-push|iam\/\w+ trigger-role)$/,
    },
    {
      id: "letters",
      label: "dead-letter queue",
      holds: /^(cloudwatch\/MetricAlarm|sqs\/Queue(Policy)?) undelivered$/,
      known: [names.alarmArn],
    },
  ],
  "Delivery and training": [
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
      by: "code",
    },
  ],
  "Registry and people": [
    {
      id: "registry",
      label: "model package group",
      holds: /^sagemaker\/ModelPackageGroup models$/,
      known: [names.modelPackageGroupArn, `ModelPackageGroupName=${names.modelPackageGroup}`],
    },
    {
      id: "told",
      label: "EventBridge rules",
      holds:
        /^(cloudwatch\/Event(Rule|Target) (on-(failed|letter|pending|step|stopped)|deploy-on-(declined|deployed|rolledback|undeployed|waiting))|iam\/\w+ messages-role)$/,
    },
    { id: "topic", label: "SNS topic", holds: /^sns\/Topic(Policy)? messages$/ },
    { id: "people", label: "people", by: "person" },
  ],
  Deployment: [
    {
      id: "decided",
      label: "EventBridge rule",
      holds: /^(cloudwatch\/Event(Rule|Target) deploy-on-approval|iam\/\w+ deploy-approval-role)$/,
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
      known: [deploy.repositoryArn],
    },
    {
      id: "deployBuilds",
      label: "CodeBuild",
      holds:
        /^(codebuild\/Project|cloudwatch\/LogGroup|iam\/\w+) deploy-(deploy-prod|deploy-staging|test-staging)(-logs|-role)?$/,
    },
    {
      id: "state",
      label: "S3 state bucket",
      holds: /^s3\/\w+ deploy-state(-prod|-staging)?$/,
      known: [deploy.prod, deploy.staging].map(
        ({ stage }) => `${deploy.stateBucketArn}/${stage}/*`,
      ),
    },
    {
      id: "endpoints",
      label: "SageMaker endpoints",
      holds: /^iam\/\w+ deploy-serve-(prod|staging)-role$/,
      known: [deploy.prod.endpointArn, deploy.staging.endpointArn],
      by: "code",
    },
  ],
  Kept: [
    {
      id: "bucket",
      label: "S3 artifact bucket",
      holds: /^s3\/\w+ (access-logs|artifacts)$/,
      known: [`${names.artifactBucketArn}/*`],
    },
    { id: "key", label: "KMS key", holds: /^kms\/(Alias|Key) key$/ },
  ],
};

const boxes = Object.values(stages).flat();

/** The id of the one box that a resource belongs to. */
export function boxOf(title: string): string {
  const found = boxes.filter(({ holds }) => holds?.test(title));
  const [box] = found;
  if (box === undefined || found.length > 1)
    throw new Error(
      `"${title}" must be in exactly one box of scripts/diagram/boxes.ts, for example ` +
        `{ id: "bucket", holds: /^s3\\/\\w+ artifacts$/ }; it is in ${found.map(({ id }) => id).join(", ") || "none"}`,
    );
  return box.id;
}

/** The id of the box that an ARN, or a name with its key, speaks of. */
export function boxKnownAs(word: string): string | undefined {
  return boxes.find(({ known }) => known?.includes(word))?.id;
}

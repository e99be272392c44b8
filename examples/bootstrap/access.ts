import { stageNames } from "../../components/deployNames";
import type { Names } from "../../components/names";
import type { Statement } from "../../components/policies/grammar";

/** What the AWS provider calls for one kind of resource: to look at it, and to make, change and delete it. */
export interface Access {
  readonly sid: string;
  readonly resources: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly condition?: Statement["Condition"];
}

const tagging = ["TagResource", "UntagResource"];

/** What holds data and messages. By exact names: "sagemaker-churn-dev-*" would also match those of a project "churn-dev". */
export function dataAccess(names: Names): Access[] {
  return [...messages(names), ...storage(names)];
}

/** The project's roles by the service that takes them, of whose permissions only those with the boundary may be changed. */
export function rolesOf({ deploy, ...names }: Names) {
  const { pipelineRoleArn, prod, staging, test, triggerRoleArn } = deploy;
  return {
    codebuild: [names.buildRoleArn, staging.roleArn, test.roleArn, prod.roleArn],
    codepipeline: [names.pipelineRoleArn, pipelineRoleArn],
    events: [names.triggerRoleArn, names.messageRoleArn, triggerRoleArn],
    sagemaker: [names.executionRoleArn, staging.serveRoleArn, prod.serveRoleArn],
  };
}

/** All of them. */
export function everyRoleOf(names: Names): string[] {
  return Object.values(rolesOf(names)).flat();
}

/** What tells the project's key: its ARN is AWS's choice. */
export function keyTags(projectName: string, projectIds: string[]) {
  return {
    "aws:ResourceTag/sagemaker:project-id": projectIds,
    "aws:ResourceTag/sagemaker:project-name": projectName,
  };
}

/** Looks at a key. */
export const keyReads = [
  "DescribeKey",
  "GetKeyPolicy",
  "GetKeyRotationStatus",
  "ListResourceTags",
].map((call) => `kms:${call}`);

/** Changes a key. Nothing that encrypts or decrypts. */
export const keyWrites = [
  "CreateAlias",
  "DeleteAlias",
  "DisableKeyRotation",
  "EnableKeyRotation",
  "PutKeyPolicy",
  "ScheduleKeyDeletion",
  "UntagResource",
  "UpdateAlias",
  "UpdateKeyDescription",
].map((call) => `kms:${call}`);

/** What starts runs and messages. */
export function ruleAccess({ deploy, ...names }: Names): Access[] {
  const rules = [
    names.ruleArn,
    ...names.messageRuleArns,
    deploy.ruleArn,
    ...deploy.messageRuleArns,
  ];
  return [
    access("Rules", "events", rules, {
      reads: ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"],
      writes: [
        "DeleteRule",
        "DisableRule",
        "EnableRule",
        "PutRule",
        "PutTargets",
        "RemoveTargets",
      ].concat(tagging),
    }),
  ];
}

/** What runs, and by which roles; by exact names, too. */
export function deliveryAccess(names: Names): Access[] {
  const { deploy } = names;
  const builds = [deploy.staging, deploy.test, deploy.prod];
  const projects = [names.buildProjectArn, ...builds.map(({ projectArn }) => projectArn)];
  return [
    access("Repository", "codecommit", [names.repositoryArn, deploy.repositoryArn], {
      reads: ["GetRepository", "ListTagsForResource"],
      // The last two make the first commit.
      writes: [
        "CreateRepository",
        "DeleteRepository",
        "UpdateRepositoryDescription",
        ...tagging,
        "CreateCommit",
        "ListBranches",
      ],
    }),
    access("BuildProject", "codebuild", projects, {
      reads: ["BatchGetProjects"],
      writes: ["CreateProject", "DeleteProject", "UpdateProject"],
    }),
    access("Pipeline", "codepipeline", [names.pipelineArn, deploy.pipelineArn], {
      reads: ["GetPipeline", "ListTagsForResource"],
      writes: ["CreatePipeline", "DeletePipeline", "UpdatePipeline", ...tagging],
    }),
    access("Registry", "sagemaker", [names.modelPackageGroupArn], {
      reads: ["DescribeModelPackageGroup", "ListTags"],
      writes: ["AddTags", "CreateModelPackageGroup", "DeleteModelPackageGroup", "DeleteTags"],
    }),
    access("Roles", "iam", everyRoleOf(names), {
      reads: ["GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies"],
      writes: [
        "DeleteRole",
        "ListInstanceProfilesForRole",
        "TagRole",
        "UntagRole",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UpdateRoleDescription",
      ],
    }),
  ];
}

function messages(names: Names): Access[] {
  const { prod, staging, test } = names.deploy;
  const logGroups = [names, staging, test, prod].map(({ logGroupArn }) => logGroupArn);
  return [
    access("Queue", "sqs", [names.queueArn], {
      reads: ["GetQueueAttributes", "GetQueueUrl", "ListQueueTags"],
      writes: ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"],
    }),
    access("Topic", "sns", [names.topicArn], {
      reads: ["GetSubscriptionAttributes", "GetTopicAttributes", "ListTagsForResource"],
      writes: [
        "CreateTopic",
        "DeleteTopic",
        "SetSubscriptionAttributes",
        "SetTopicAttributes",
        "Subscribe",
        "Unsubscribe",
        ...tagging,
      ],
    }),
    access("Alarm", "cloudwatch", [names.alarmArn], {
      reads: ["DescribeAlarms", "ListTagsForResource"],
      writes: ["DeleteAlarms", "PutMetricAlarm", ...tagging],
    }),
    access("BuildLogs", "logs", logGroups, {
      reads: ["ListTagsForResource"],
      writes: [
        "AssociateKmsKey",
        "CreateLogGroup",
        "DeleteLogGroup",
        "DeleteRetentionPolicy",
        "DisassociateKmsKey",
        "PutRetentionPolicy",
        ...tagging,
      ],
    }),
  ];
}

function storage(names: Names): Access[] {
  const parts = [
    "BucketLogging",
    "BucketNotification",
    "BucketOwnershipControls",
    "BucketPolicy",
  ].concat(
    ["BucketPublicAccessBlock", "BucketTagging", "BucketVersioning"],
    ["EncryptionConfiguration", "LifecycleConfiguration"],
  );
  // The provider reads every part of a bucket, whether the program sets it or not.
  const others = ["AccelerateConfiguration", "BucketAcl", "BucketCORS", "BucketLocation"].concat(
    ["BucketObjectLockConfiguration", "BucketRequestPayment", "BucketWebsite"],
    ["ReplicationConfiguration"],
  );
  const { stateBucketArn } = names.deploy;
  return [
    access("Buckets", "s3", [names.artifactBucketArn, names.logBucketArn, stateBucketArn], {
      reads: [
        ...[...parts, ...others].map((part) => `Get${part}`),
        "ListBucket",
        "ListTagsForResource",
      ],
      writes: [
        ...parts.map((part) => `Put${part}`),
        "CreateBucket",
        "DeleteBucket",
        "DeleteBucketPolicy",
        "ListBucketVersions",
        ...tagging,
      ],
    }),
    // What the model build says of itself, for the builds that deploy.
    access(
      "Outputs",
      "s3",
      stageNames.map((stage) => `${stateBucketArn}/${stage}/model-build-outputs.json`),
      {
        reads: ["GetObject", "GetObjectTagging"],
        writes: ["DeleteObject", "DeleteObjectVersion", "PutObject", "PutObjectTagging"],
      },
    ),
  ];
}

function access(
  sid: string,
  service: string,
  resources: string[],
  calls: { reads: string[]; writes: string[] },
): Access {
  const actions = (names: string[]) => names.map((name) => `${service}:${name}`);
  return { sid, resources, reads: actions(calls.reads), writes: actions(calls.writes) };
}

import type { Names } from "../components/names/names";
import type { Statement } from "../components/policies/statements";

/** API calls of the AWS provider for one resource type: reads, and create, update and delete. */
export interface Access {
  readonly sid: string;
  readonly resources: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly condition?: Statement["Condition"];
}

const tagging = ["TagResource", "UntagResource"];

/** Access to buckets, keys, queue, topic, alarms, dashboard and log groups, by exact names. */
export function dataAccess(names: Names): Access[] {
  return [...notificationAccess(names), ...storageAccess(names)];
}

/** Role ARNs of the project by trusted service. */
export function roleArnsByService({ deploy, ...names }: Names) {
  const { pipelineRoleArn, prod, queue, staging, test, approvalRuleRoleArn } = deploy;
  return {
    codebuild: [names.buildRoleArn, queue.roleArn, staging.roleArn, test.roleArn, prod.roleArn],
    codepipeline: [names.pipelineRoleArn, pipelineRoleArn],
    events: [names.pushRuleRoleArn, names.notificationsRoleArn, approvalRuleRoleArn],
    sagemaker: [
      names.executionRoleArn,
      ...[names.trial.pipelineRole.arn, names.trial.job.arn],
      ...[staging.serveRoleArn, prod.serveRoleArn],
    ],
    scheduler: [deploy.stagingExpiry.roleArn],
  };
}

/** All role ARNs of the project: of services, and of the command that starts trials. */
export function allRoleArns(names: Names): string[] {
  return [...Object.values(roleArnsByService(names)).flat(), names.trial.starter.arn];
}

/** Condition keys for the project's KMS key, by its tags: AWS chooses the key ID. */
export function keyTags(projectName: string, projectIds: string[]) {
  return {
    "aws:ResourceTag/sagemaker:project-id": projectIds,
    "aws:ResourceTag/sagemaker:project-name": projectName,
  };
}

/** KMS actions that read a key. */
export const keyReads = [
  "DescribeKey",
  "GetKeyPolicy",
  "GetKeyRotationStatus",
  "ListResourceTags",
].map((call) => `kms:${call}`);

/** KMS actions that change a key; none that encrypts or decrypts. */
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

/** Access to EventBridge rules, by exact names. */
export function ruleAccess({ deploy, ...names }: Names): Access[] {
  const rules = [
    names.pushRuleArn,
    ...names.notificationRuleArns,
    deploy.approvalRuleArn,
    deploy.stagingFailedRuleArn,
    ...deploy.notificationRuleArns,
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

/** Access to repositories, builds, pipelines, model package group and roles, by exact names. */
export function deliveryAccess(names: Names): Access[] {
  const { deploy } = names;
  const builds = [deploy.queue, deploy.staging, deploy.test, deploy.prod];
  const projects = [names.buildProjectArn, ...builds.map(({ projectArn }) => projectArn)];
  return [
    access("Repository", "codecommit", [names.defaultRepositoryArn, deploy.defaultRepositoryArn], {
      reads: ["GetRepository", "ListTagsForResource"],
      // The last two actions create the first commit.
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
    access("StagingSchedules", "scheduler", [deploy.stagingExpiry.groupArn], {
      reads: ["GetScheduleGroup", "ListTagsForResource"],
      writes: ["CreateScheduleGroup", "DeleteScheduleGroup", ...tagging],
    }),
    access("Registry", "sagemaker", [names.modelPackageGroupArn], {
      reads: ["DescribeModelPackageGroup", "ListTags"],
      writes: ["AddTags", "CreateModelPackageGroup", "DeleteModelPackageGroup", "DeleteTags"],
    }),
    access("Roles", "iam", allRoleArns(names), {
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

function notificationAccess(names: Names): Access[] {
  const { dashboardArn, prod, queue, staging, test } = names.deploy;
  const logGroups = [names, queue, staging, test, prod].map(({ logGroupArn }) => logGroupArn);
  const alarms = [...prod.alarmArns, prod.verdictAlarmArn, staging.verdictAlarmArn];
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
    access("Alarms", "cloudwatch", [names.alarmArn, ...alarms], {
      reads: ["DescribeAlarms", "ListTagsForResource"],
      writes: ["DeleteAlarms", "PutMetricAlarm", ...tagging],
    }),
    access("Dashboard", "cloudwatch", [dashboardArn], {
      reads: ["GetDashboard"],
      writes: ["DeleteDashboards", "PutDashboard"],
    }),
    // Both forms of the ARN, with and without a suffix, within the size limit of a managed policy. No
    // other project has names that begin like these.
    access(
      "BuildLogs",
      "logs",
      logGroups.map((arn) => `${arn}*`),
      {
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
      },
    ),
  ];
}

function storageAccess(names: Names): Access[] {
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
  return [
    access("Buckets", "s3", [names.artifactBucketArn, names.logBucketArn], {
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

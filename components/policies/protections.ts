import { type Names, stemOfModelPackageGroup } from "../names/names";
import type { Statement } from "./statements";

/** Roles whose permissions the settings can extend. */
export type Role = "build" | "execution";

/** Actions that no policy statement of the settings may allow, and the promise that they break. */
interface Protection {
  /** Full names, or names that end in `*`. */
  actions: readonly string[];
  reason: string;
}

/** Protected actions, on every resource. SECURITY.md has the promises. */
export const protections: readonly Protection[] = [
  {
    actions: ["codepipeline:PutApprovalResult", "sagemaker:UpdateModelPackage"],
    reason: "only approvers approve model versions and deployments",
  },
  {
    actions: ["sagemaker:DeleteModelPackage*", "sagemaker:PutModelPackageGroupPolicy"],
    reason: "only administrators change or delete model versions",
  },
  {
    actions: ["Create", "Delete", "Update"].map((verb) => `sagemaker:${verb}Endpoint*`),
    reason: "only the deployment creates and changes endpoints, after an approval",
  },
  {
    actions: [
      ...["sagemaker:CreateApp", "sagemaker:CreatePresigned*", "sagemaker:CreateSpace"],
      ...["sagemaker:CreateUserProfile", "sagemaker:StartSession", "sagemaker:*NotebookInstance*"],
    ],
    reason: "a notebook keeps the role of a commit after its revert",
  },
  {
    actions: [
      ...["Add", "Attach", "Create", "Delete", "Detach", "Put", "Remove", "Set", "Update"].map(
        (verb) => `iam:${verb}*`,
      ),
      "sts:AssumeRole",
    ],
    reason: "another role, policy or session is outside of these limits",
  },
  {
    actions: [
      "codecommit:GitPush",
      ...["Create", "Delete", "Merge", "Override", "Put", "Update"].map(
        (verb) => `codecommit:${verb}*`,
      ),
    ],
    reason: "only users commit",
  },
  {
    actions: ["kms:Delete*", "kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
    reason: "only administrators change keys",
  },
  { actions: ["logs:Delete*", "logs:PutRetentionPolicy"], reason: "logs are evidence" },
];

/**
 * Actions that the validation rejects too. The policies of both roles pass the execution role, so no
 * Deny statement can name this action.
 */
export const passRole: Protection = {
  actions: ["iam:*"],
  reason: "the roles pass only the execution role, and change no permissions",
};

/** Actions of Deny statements, on resources of the stack. */
interface OwnProtection {
  Sid: string;
  actions: string[];
  /** ARNs, or ARNs that end in `*`. */
  resources: string[];
}

/** Protected actions, on resources of the stack. The role's own policy allows none of them. */
export function ownProtections(names: Names, role: Role): OwnProtection[] {
  const { accountId, partition, region } = names;
  const stem = stemOfModelPackageGroup(names.modelPackageGroup);
  const own = (service: string, rest = "") =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}${stem}--*`;
  return [
    ...(role === "build"
      ? []
      : [
          {
            Sid: "DenyBuildResources",
            actions: [
              ...["Create", "Delete", "Update"].map((verb) => `sagemaker:${verb}Pipeline`),
              ...["sagemaker:StartPipelineExecution", "logs:*"],
            ],
            resources: [names.sagemakerPipelineArn, `${names.logGroupArn}:*`],
          },
        ]),
    {
      Sid: "DenyArtifactDeletion",
      actions: [
        ...["s3:Delete*", "s3:PutBucket*", "s3:PutEncryptionConfiguration"],
        ...["s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration", "s3:Replicate*"],
      ],
      resources: [names.artifactBucketArn, `${names.artifactBucketArn}/*`],
    },
    {
      Sid: "DenyStackResources",
      actions: [
        ...["cloudwatch:*", "codebuild:*", "codepipeline:*", "events:*", "s3:*", "scheduler:*"],
        // The build reads the champion from the production endpoint.
        ...["Add", "Create", "Delete", "Invoke", "Update"].map((verb) => `sagemaker:${verb}*`),
        "sqs:*",
      ],
      resources: [
        own("cloudwatch", "alarm:"),
        own("codebuild", "project/"),
        own("codepipeline"),
        own("events", "rule/"),
        ...[names.logBucketArn, `${names.logBucketArn}/*`],
        own("sagemaker", "endpoint/"),
        own("sagemaker", "endpoint-config/"),
        own("sagemaker", "model/"),
        own("scheduler", "schedule/"),
        own("sqs"),
      ],
    },
  ];
}

/** Deny statements beside the policy statements of the settings: a Deny wins over every Allow. */
export function protectionStatements(names: Names, role: Role): Statement[] {
  const deny = (
    Sid: string,
    Action: string[],
    Resource: string | string[],
    Condition?: Statement["Condition"],
  ): Statement => ({
    Sid,
    Effect: "Deny",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  const status = "sagemaker:ModelApprovalStatus";
  const create = ["sagemaker:CreateModelPackage"];
  return [
    deny(
      "DenyProtectedActions",
      protections.flatMap(({ actions }) => actions),
      "*",
    ),
    // A registration without a status is pending.
    deny("DenyApprovedVersions", create, "*", {
      Null: { [status]: "false" },
      StringNotEquals: { [status]: "PendingManualApproval" },
    }),
    deny("DenyLifeCycleStages", create, "*", {
      Null: { "sagemaker:ModelLifeCycle:Stage": "false" },
    }),
    ...ownProtections(names, role).map(({ Sid, actions, resources }) =>
      deny(Sid, actions, resources),
    ),
  ];
}

import type { RequiredAction } from "../../local/iam/contract";
import { otherKeyArn as secretsKey } from "../support/mocks";
import { bucket, key, projectTopic, queue, roleArn } from "../support/policySet";
import { each, use } from "../permissions/simulation/row";

type Sentence = readonly [title: string, uses: readonly RequiredAction[]];

const inAccount = (service: string, rest: string) =>
  `arn:aws:${service}:us-east-1:123456789012:${rest}`;

const repository = inAccount("codecommit", "mlops-churn--dev--modelbuild");
const project = inAccount("codebuild", "project/mlops-churn--dev--modelbuild");
const pipeline = inAccount("codepipeline", "mlops-churn--dev--modelbuild");
const deployRepository = repository.replace("modelbuild", "modeldeploy");
const deployProject = project.replace("modelbuild", "deploy-prod");
const deployPipeline = pipeline.replace("modelbuild", "modeldeploy");
const rule = inAccount("events", "rule/mlops-churn--dev--push");
const approvalRule = rule.replace("push", "approval");
const deployedRule = rule.replace("push", "deployment-succeeded");
const stagingFailedRule = rule.replace("push", "staging-failed");
const rules = [rule, approvalRule, deployedRule, stagingFailedRule];
const group = inAccount("sagemaker", "model-package-group/mlops-churn--dev--models");
const alarm = inAccount("cloudwatch", "alarm:mlops-churn--dev--undelivered-events");
const logGroup = inAccount("logs", "log-group:/aws/codebuild/mlops-churn--dev--modelbuild");
const deployLog = logGroup.replace("modelbuild", "deploy-staging");
const endpointAlarms = ["prod-errors", "prod-canary-verdict", "staging-canary-verdict"].map((it) =>
  alarm.replace("undelivered-events", it),
);
const dashboard = "arn:aws:cloudwatch::123456789012:dashboard/mlops-churn--dev";
const scheduleGroup = inAccount("scheduler", "schedule-group/mlops-churn--dev--staging");
const deployRoles = ["deploy", "deploy-staging", "deploy-prod", "test-staging"].concat(
  ["serve-staging", "serve-prod", "deploy-queue", "expire-staging"],
  "approval-rule",
);
const alias = inAccount("kms", "alias/mlops-churn--dev");
const state = "arn:aws:s3:::mlops-churn--state-eb805c6c";
const boundary = "arn:aws:iam::123456789012:policy/mlops-churn--dev--boundary-use1";

const own = {
  "aws:ResourceTag/sagemaker:project-id": "dev",
  "aws:ResourceTag/sagemaker:project-name": "churn",
};
const others = { ...own, "aws:ResourceTag/sagemaker:project-name": "payroll" };
const asOwn = {
  "aws:RequestTag/sagemaker:project-id": "dev",
  "aws:RequestTag/sagemaker:project-name": "churn",
};
const bounded = { "iam:PermissionsBoundary": boundary };
const through = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const stateOf = (stack: string) => `${state}/.pulumi/stacks/model-build-pipeline/${stack}.json`;
const lock = `${state}/.pulumi/locks/organization/model-build-pipeline/dev/1.json`;
const readByDeployments = [
  `${state}/.pulumi/meta.yaml`,
  stateOf("dev"),
  stateOf("dev").replace(/json$/, "pulumi-tags"),
  `${stateOf("dev")}.bak`,
  lock,
];
const bootstrapState = `${state}/.pulumi/stacks/model-build-pipeline-bootstrap/main.json`;
const secretsOf = (stack: string) => ({ "kms:EncryptionContext:stack": stack });
const ofOthers = { "aws:ResourceAccount": "210987654321" };

/** Headers of an upload that names another encryption than the bucket's key. */
const otherEncryptions: readonly (readonly [
  encryption: string,
  context: RequiredAction["context"],
])[] = (
  [
    ["the keys of S3", { "": "AES256" }],
    ["the AWS managed key aws/s3", { "": "aws:kms" }],
    ["another key", { "": "aws:kms", "-aws-kms-key-id": key.replace("1234abcd", "9999abcd") }],
    ["the secrets key", { "": "aws:kms", "-aws-kms-key-id": secretsKey }],
    ["dual-layer encryption", { "": "aws:kms:dsse", "-aws-kms-key-id": key }],
    ["a key of the caller", { "-customer-algorithm": "AES256" }],
  ] satisfies [string, Record<string, string>][]
).map(([encryption, headers]) => [
  encryption,
  Object.fromEntries(
    Object.entries(headers).map(([header, value]) => [
      `s3:x-amz-server-side-encryption${header}`,
      value,
    ]),
  ),
]);

const to = (service: string) => ({ "iam:PassedToService": `${service}.amazonaws.com` });

function passes(roles: readonly string[], service: string): RequiredAction[] {
  return roles.map((role) => use("iam:PassRole", roleArn(role), to(service)));
}

/** Allowed calls of the preview role, by statement. */
export const previewMay: readonly Sentence[] = [
  ["Repository", [repository, deployRepository].map((it) => use("codecommit:GetRepository", it))],
  ["BuildProject", [project, deployProject].map((it) => use("codebuild:BatchGetProjects", it))],
  ["Pipeline", [pipeline, deployPipeline].map((it) => use("codepipeline:GetPipeline", it))],
  ["Rules", rules.flatMap((it) => each(["events:DescribeRule", "events:ListTargetsByRule"], it))],
  ["Registry", [use("sagemaker:DescribeModelPackageGroup", group)]],
  [
    "Roles",
    ["build", ...deployRoles].flatMap((role) =>
      each(["iam:GetRole", "iam:GetRolePolicy"], roleArn(role)),
    ),
  ],
  ["Queue", [use("sqs:GetQueueAttributes", queue)]],
  ["Topic", each(["sns:GetTopicAttributes", "sns:GetSubscriptionAttributes"], projectTopic)],
  ["Alarms", [alarm, ...endpointAlarms].map((it) => use("cloudwatch:DescribeAlarms", it))],
  ["Dashboard", [use("cloudwatch:GetDashboard", dashboard)]],
  ["StagingSchedules", [use("scheduler:GetScheduleGroup", scheduleGroup)]],
  ["BuildLogs", [logGroup, deployLog].map((it) => use("logs:ListTagsForResource", it))],
  ["Buckets", each(["s3:GetBucketPolicy", "s3:GetLifecycleConfiguration"], bucket)],
  ["Key", [use("kms:GetKeyPolicy", key, own)]],
  ["Lists", [use("kms:ListAliases", "*"), use("logs:DescribeLogGroups", "*")]],
  ["StateKey", [use("kms:Decrypt", key, through)]],
  ["StackSecrets", ["dev", "prod"].map((it) => use("kms:Decrypt", secretsKey, secretsOf(it)))],
  ["StateList", [use("s3:ListBucket", state)]],
  ["StateRead", [...readByDeployments, stateOf("prod")].map((it) => use("s3:GetObject", it))],
];

/** Allowed calls of the role that deploys dev, by statement. */
export const deployMay: readonly Sentence[] = [
  [
    "Repository",
    [repository, deployRepository].flatMap((it) =>
      each(["codecommit:CreateRepository", "codecommit:CreateCommit"], it),
    ),
  ],
  ["BuildProject", [project, deployProject].map((it) => use("codebuild:UpdateProject", it))],
  ["Pipeline", [pipeline, deployPipeline].map((it) => use("codepipeline:CreatePipeline", it))],
  ["Rules", rules.flatMap((it) => each(["events:PutRule", "events:PutTargets"], it))],
  ["Registry", [use("sagemaker:CreateModelPackageGroup", group)]],
  ["Roles", each(["iam:DeleteRole", "iam:UpdateAssumeRolePolicy"], roleArn("build"))],
  [
    "BoundedRoles",
    ["build", ...deployRoles].flatMap((role) =>
      each(["iam:CreateRole", "iam:PutRolePolicy"], roleArn(role), bounded),
    ),
  ],
  ["PassPipelineRoles", passes(["pipeline", "deploy"], "codepipeline")],
  [
    "PassBuildRoles",
    passes(["build", "deploy-queue", "deploy-staging", "test-staging", "deploy-prod"], "codebuild"),
  ],
  ["PassRuleRoles", passes(["push-rule", "notifications", "approval-rule"], "events")],
  ["Queue", [use("sqs:CreateQueue", queue)]],
  ["Topic", each(["sns:CreateTopic", "sns:Subscribe"], projectTopic)],
  ["Alarms", [alarm, ...endpointAlarms].map((it) => use("cloudwatch:PutMetricAlarm", it))],
  ["Dashboard", each(["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"], dashboard)],
  [
    "StagingSchedules",
    each(["scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup"], scheduleGroup),
  ],
  [
    "BuildLogs",
    [logGroup, deployLog].flatMap((it) =>
      each(["logs:CreateLogGroup", "logs:AssociateKmsKey"], it),
    ),
  ],
  ["Buckets", each(["s3:CreateBucket", "s3:PutBucketPolicy"], bucket)],
  ["Lists", [use("kms:ListAliases", "*")]],
  ["Key", each(["kms:PutKeyPolicy", "kms:EnableKeyRotation"], key, own)],
  ["KeyAlias", [use("kms:CreateAlias", alias)]],
  ["NewKey", [use("kms:CreateKey", "*", asOwn)]],
  [
    "KeyTags",
    [use("kms:TagResource", key, asOwn), use("kms:TagResource", key, { ...asOwn, ...own })],
  ],
  ["StateKey", each(["kms:Decrypt", "kms:GenerateDataKey"], key, through)],
  ["StackSecrets", [use("kms:Decrypt", secretsKey, secretsOf("dev"))]],
  ["StateList", [use("s3:ListBucket", state)]],
  ["StateRead", readByDeployments.map((it) => use("s3:GetObject", it))],
  [
    "StateWrite",
    [
      ...["stacks/model-build-pipeline/dev.json", "stacks/model-build-pipeline/dev.json.bak"],
      ...[
        "locks/organization/model-build-pipeline/dev/1.json",
        "history/model-build-pipeline/dev/dev-1.history.json",
      ],
    ].map((path) => use("s3:PutObject", `${state}/.pulumi/${path}`)),
  ],
];

/** Denied calls of the deployment role within its own project. */
export const deployMayNot: readonly Sentence[] = [
  ["create a role without the boundary", [use("iam:CreateRole", roleArn("build"))]],
  [
    "create a role with another boundary",
    [use("iam:CreateRole", roleArn("build"), { "iam:PermissionsBoundary": `${boundary}-2` })],
  ],
  ["delete a role's boundary", [use("iam:DeleteRolePermissionsBoundary", roleArn("build"))]],
  ["add a policy to a role without the boundary", [use("iam:PutRolePolicy", roleArn("build"))]],
  [
    "edit the boundary",
    each(["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"], boundary),
  ],
  [
    "change its own role or the preview role",
    ["mlops-churn--dev--github-deploy-use1", "mlops-churn--github-preview-use1"].flatMap((name) =>
      each(
        ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
        `arn:aws:iam::123456789012:role/${name}`,
        bounded,
      ),
    ),
  ],
  ["create a user", [use("iam:CreateUser", "arn:aws:iam::123456789012:user/mallory")]],
  ["pass a role to another service", [use("iam:PassRole", roleArn("build"), to("lambda"))]],
  ["read artifacts", [use("s3:GetObject", `${bucket}/model.tar.gz`)]],
  [
    "read or write the deployed models",
    each(
      ["s3:GetObject", "s3:PutObject"],
      `${bucket}/mlops-churn--dev--models/deployed/1/0a1b2c3d/model.tar.gz`,
    ),
  ],
  ["pass the role of a model", passes(["serve-prod"], "sagemaker")],
  ["pass the role of the schedule", passes(["expire-staging"], "scheduler")],
  ["start a deployment", [use("codepipeline:StartPipelineExecution", deployPipeline)]],
  [
    "approve a deployment",
    [use("codepipeline:PutApprovalResult", `${deployPipeline}/DeployStaging/ApproveDeployment`)],
  ],
  [
    "change an endpoint",
    each(
      ["sagemaker:DeleteEndpoint", "sagemaker:UpdateEndpoint"],
      inAccount("sagemaker", "endpoint/mlops-churn--dev--prod"),
    ),
  ],
  [
    "use the project's key",
    [use("kms:Decrypt", key.replace("1234abcd", "9999abcd"), { ...own, ...through })],
  ],
  [
    "approve a model",
    [
      use(
        "sagemaker:UpdateModelPackage",
        inAccount("sagemaker", "model-package/mlops-churn--dev--models/1"),
      ),
    ],
  ],
];

/** Denied calls of the deployment role of dev on resources of another project or stack. */
export const outsideTheProject: readonly Sentence[] = (
  [
    ["of the stack prod", (arn) => arn.replaceAll("churn--dev", "churn--prod")],
    ["of another project", (arn) => arn.replaceAll("churn--dev", "payroll--dev")],
    // Similar names: another project id, and another split into project name and id.
    ["of the stack dev-prod", (arn) => arn.replaceAll("churn--dev", "churn--dev-prod")],
    ["of the project churn-dev", (arn) => arn.replaceAll("churn--dev", "churn-dev--prod")],
    ["of another prefix", (arn) => arn.replaceAll("mlops-churn", "ml-churn")],
  ] satisfies [string, (arn: string) => string][]
).map(([owner, renamed]) => [
  `change resources ${owner}`,
  [
    use("codecommit:DeleteRepository", renamed(repository)),
    use("codebuild:UpdateProject", renamed(project)),
    use("codepipeline:UpdatePipeline", renamed(pipeline)),
    use("events:PutTargets", renamed(rule)),
    use("sagemaker:DeleteModelPackageGroup", renamed(group)),
    use("codecommit:DeleteRepository", renamed(deployRepository)),
    use("codebuild:UpdateProject", renamed(deployProject)),
    use("codepipeline:UpdatePipeline", renamed(deployPipeline)),
    use("events:PutTargets", renamed(approvalRule)),
    use("iam:UpdateAssumeRolePolicy", renamed(roleArn("build")), bounded),
    use("iam:PutRolePolicy", renamed(roleArn("build")), bounded),
    use("sqs:DeleteQueue", renamed(queue)),
    use("sns:DeleteTopic", renamed(projectTopic)),
    use("cloudwatch:DeleteAlarms", renamed(alarm)),
    use("cloudwatch:DeleteDashboards", renamed(dashboard)),
    use("scheduler:DeleteScheduleGroup", renamed(scheduleGroup)),
    use("logs:DeleteLogGroup", renamed(logGroup)),
    use("s3:PutBucketPolicy", renamed(bucket)),
    use("kms:DeleteAlias", renamed(alias)),
    use("kms:PutKeyPolicy", key, others),
    use("kms:TagResource", key, { ...asOwn, ...others }),
    use("s3:PutObject", stateOf("prod")),
  ],
]);

/** Denied calls of the deployment role of dev on state. */
export const deployMayNotState: readonly Sentence[] = [
  [
    "read the state of prod, of a similar stack or of the bootstrap program",
    [stateOf("prod"), stateOf("dev-prod"), bootstrapState].map((it) => use("s3:GetObject", it)),
  ],
  [
    "decrypt the secrets of prod or of the bootstrap program",
    [secretsOf("prod"), secretsOf("main"), {}].map((it) => use("kms:Decrypt", secretsKey, it)),
  ],
  ["encrypt secrets", [use("kms:Encrypt", secretsKey, secretsOf("dev"))]],
  ["write the state of the bootstrap program", [use("s3:PutObject", bootstrapState)]],
  [
    "read or write a bucket of the same name in another account",
    [
      use("s3:ListBucket", state, ofOthers),
      use("s3:GetObject", stateOf("dev"), ofOthers),
      ...each(["s3:DeleteObject", "s3:PutObject"], stateOf("dev"), ofOthers),
    ],
  ],
  ...otherEncryptions.map(([encryption, headers]): Sentence => [
    `upload state under ${encryption}`,
    [use("s3:PutObject", stateOf("dev"), headers)],
  ]),
];

/** Denied calls of the preview role on state. */
export const previewMayNotState: readonly Sentence[] = [
  ["read the state of the bootstrap program", [use("s3:GetObject", bootstrapState)]],
  [
    "decrypt the secrets of the bootstrap program",
    [use("kms:Decrypt", secretsKey, secretsOf("main"))],
  ],
  ["write state", each(["s3:DeleteObject", "s3:PutObject"], stateOf("dev"))],
  ["encrypt state", [use("kms:GenerateDataKey", key, through)]],
  [
    "read a bucket of the same name in another account",
    [use("s3:ListBucket", state, ofOthers), use("s3:GetObject", stateOf("dev"), ofOthers)],
  ],
];

/**
 * Denied calls of a role of the account that may write every bucket and use every key, for example
 * of a build of another project. The state names the providers that a deployment runs.
 */
export const outsiderMayNot: readonly Sentence[] = [
  ...otherEncryptions.map(([encryption, headers]): Sentence => [
    `upload state under ${encryption}`,
    [use("s3:PutObject", stateOf("prod"), headers)],
  ]),
  ["upload state without a header, under the key", [use("kms:GenerateDataKey", key, through)]],
  ["read state", [use("kms:Decrypt", key, through)]],
  [
    "use the keys directly",
    [key, secretsKey].flatMap((it) =>
      each(["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], it),
    ),
  ],
  [
    "read or write state without TLS 1.2",
    each(["s3:GetObject", "s3:PutObject"], stateOf("prod"), { "s3:TlsVersion": "1.1" }),
  ],
];

/** Calls of an administrator: the first deployment and its secrets. */
export const administratorMay: readonly RequiredAction[] = [
  use("s3:PutObject", stateOf("dev")),
  ...each(["kms:Decrypt", "kms:GenerateDataKey"], key, through),
  ...each(["kms:Decrypt", "kms:Encrypt"], secretsKey, secretsOf("dev")),
  use("kms:PutKeyPolicy", key),
];

/** Calls that would bypass a boundary. */
export const leaving: readonly Sentence[] = [
  ...deployMayNot.slice(0, 5),
  [
    "pass a role outside the project",
    [use("iam:PassRole", "arn:aws:iam::123456789012:role/admin", to("codebuild"))],
  ],
  [
    "create a user, a group or an access key",
    [
      use("iam:CreateUser", "arn:aws:iam::123456789012:user/mallory"),
      use("iam:CreateGroup", "arn:aws:iam::123456789012:group/mallory"),
      use("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/admin"),
    ],
  ],
];

/** Calls that the boundary denies, even to a role with a policy that allows everything. */
export const never: readonly Sentence[] = [
  ...leaving,
  [
    "create or change a role, with or without the boundary",
    each(
      ["iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
      roleArn("build"),
      bounded,
    ),
  ],
  [
    "change a key policy or delete a key",
    each(["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"], key, own),
  ],
  [
    "approve a deployment",
    [use("codepipeline:PutApprovalResult", `${deployPipeline}/DeployStaging/ApproveDeployment`)],
  ],
  ["read the state of the stacks", [use("s3:GetObject", `${state}/.pulumi/a.json`)]],
  [
    "pass another role",
    [use("iam:PassRole", "arn:aws:iam::123456789012:role/admin", to("codebuild"))],
  ],
  ...outsideTheProject.map(([title, uses]): Sentence => [title, uses.slice(0, -1)]),
];

import type { Use } from "../../local/rehearsal/contract";
import { otherKeyArn as secretsKey } from "../support/mocks";
import { bucket, key, projectTopic, queue, roleArn } from "../support/court";
import { each, use } from "../simulation/row";

type Sentence = readonly [what: string, uses: readonly Use[]];

const inAccount = (service: string, rest: string) =>
  `arn:aws:${service}:us-east-1:123456789012:${rest}`;

const repository = inAccount("codecommit", "sagemaker-churn-dev-modelbuild");
const project = inAccount("codebuild", "project/sagemaker-churn-dev-modelbuild");
const pipeline = inAccount("codepipeline", "sagemaker-churn-dev-modelbuild");
const rule = inAccount("events", "rule/sagemaker-churn-dev-push");
const group = inAccount("sagemaker", "model-package-group/churn-dev");
const alarm = inAccount("cloudwatch", "alarm:sagemaker-churn-dev-undelivered");
const logGroup = inAccount("logs", "log-group:/aws/codebuild/sagemaker-churn-dev-modelbuild");
const alias = inAccount("kms", "alias/sagemaker-churn-dev");
const state = "arn:aws:s3:::churn-pulumi-state-123456789012-us-east-1";
const boundary = "arn:aws:iam::123456789012:policy/churn-dev-boundary";

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

const to = (service: string) => ({ "iam:PassedToService": `${service}.amazonaws.com` });

/** A call of every statement of the preview role. */
export const previewMay: readonly Sentence[] = [
  ["Repository", [use("codecommit:GetRepository", repository)]],
  ["BuildProject", [use("codebuild:BatchGetProjects", project)]],
  ["Pipeline", [use("codepipeline:GetPipeline", pipeline)]],
  ["Rules", each(["events:DescribeRule", "events:ListTargetsByRule"], rule)],
  ["Registry", [use("sagemaker:DescribeModelPackageGroup", group)]],
  ["Roles", each(["iam:GetRole", "iam:GetRolePolicy"], roleArn("build"))],
  ["Queue", [use("sqs:GetQueueAttributes", queue)]],
  ["Topic", each(["sns:GetTopicAttributes", "sns:GetSubscriptionAttributes"], projectTopic)],
  ["Alarm", [use("cloudwatch:DescribeAlarms", alarm)]],
  ["BuildLogs", [use("logs:ListTagsForResource", logGroup)]],
  ["Buckets", each(["s3:GetBucketPolicy", "s3:GetLifecycleConfiguration"], bucket)],
  ["Key", [use("kms:GetKeyPolicy", key, own)]],
  ["Lists", [use("kms:ListAliases", "*"), use("logs:DescribeLogGroups", "*")]],
  ["StateKey", [use("kms:Decrypt", key, through)]],
  ["StackSecrets", [use("kms:Decrypt", secretsKey)]],
  ["StateList", [use("s3:ListBucket", state)]],
  ["StateRead", [use("s3:GetObject", `${state}/.pulumi/stacks/model-build-pipeline/dev.json`)]],
];

/** A call of every statement of the role that deploys dev. */
export const deployMay: readonly Sentence[] = [
  [
    "Repository",
    [use("codecommit:CreateRepository", repository), use("codecommit:CreateCommit", repository)],
  ],
  ["BuildProject", [use("codebuild:UpdateProject", project)]],
  ["Pipeline", [use("codepipeline:CreatePipeline", pipeline)]],
  ["Rules", each(["events:PutRule", "events:PutTargets"], rule)],
  ["Registry", [use("sagemaker:CreateModelPackageGroup", group)]],
  ["Roles", each(["iam:DeleteRole", "iam:UpdateAssumeRolePolicy"], roleArn("build"))],
  ["BoundedRoles", each(["iam:CreateRole", "iam:PutRolePolicy"], roleArn("build"), bounded)],
  ["PassPipelineRole", [use("iam:PassRole", roleArn("pipeline"), to("codepipeline"))]],
  ["PassBuildRole", [use("iam:PassRole", roleArn("build"), to("codebuild"))]],
  ["PassRuleRoles", [use("iam:PassRole", roleArn("trigger"), to("events"))]],
  ["Queue", [use("sqs:CreateQueue", queue)]],
  ["Topic", each(["sns:CreateTopic", "sns:Subscribe"], projectTopic)],
  ["Alarm", [use("cloudwatch:PutMetricAlarm", alarm)]],
  ["BuildLogs", each(["logs:CreateLogGroup", "logs:AssociateKmsKey"], logGroup)],
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
  ["StackSecrets", [use("kms:Decrypt", secretsKey)]],
  ["StateList", [use("s3:ListBucket", state)]],
  ["StateRead", [use("s3:GetObject", `${state}/.pulumi/stacks/model-build-pipeline/dev.json`)]],
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

/** What the deployment role may not, though it is about its own project. */
export const deployMayNot: readonly Sentence[] = [
  ["make a role without the boundary", [use("iam:CreateRole", roleArn("build"))]],
  [
    "make a role with another boundary",
    [use("iam:CreateRole", roleArn("build"), { "iam:PermissionsBoundary": `${boundary}-2` })],
  ],
  ["drop a role's boundary", [use("iam:DeleteRolePermissionsBoundary", roleArn("build"))]],
  ["give permissions to what is not bounded", [use("iam:PutRolePolicy", roleArn("build"))]],
  [
    "edit the boundary",
    each(["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"], boundary),
  ],
  [
    "change its own role, or that of previews",
    ["churn-deploy-dev", "churn-preview"].flatMap((name) =>
      each(
        ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
        `arn:aws:iam::123456789012:role/${name}`,
        bounded,
      ),
    ),
  ],
  ["make a user", [use("iam:CreateUser", "arn:aws:iam::123456789012:user/mallory")]],
  ["pass a role to another service", [use("iam:PassRole", roleArn("build"), to("lambda"))]],
  ["read artifacts", [use("s3:GetObject", `${bucket}/model.tar.gz`)]],
  [
    "use the project's key",
    [use("kms:Decrypt", key.replace("1234abcd", "9999abcd"), { ...own, ...through })],
  ],
  [
    "approve a model",
    [use("sagemaker:UpdateModelPackage", inAccount("sagemaker", "model-package/churn-dev/1"))],
  ],
];

/** What the deployment role of dev may not, since it is another project's or stack's. */
export const outsideTheProject: readonly Sentence[] = (
  [
    ["of the stack prod", (arn) => arn.replaceAll("churn-dev", "churn-prod")],
    ["of another project", (arn) => arn.replaceAll("churn-dev", "payroll-dev")],
    // Its names begin like those of churn-dev.
    [
      "of a project that is called churn-dev itself",
      (arn) => arn.replaceAll("churn-dev", "churn-dev-prod"),
    ],
  ] satisfies [string, (arn: string) => string][]
).map(([whose, renamed]) => [
  `touch anything ${whose}`,
  [
    use("codecommit:DeleteRepository", renamed(repository)),
    use("codebuild:UpdateProject", renamed(project)),
    use("codepipeline:UpdatePipeline", renamed(pipeline)),
    use("events:PutTargets", renamed(rule)),
    use("sagemaker:DeleteModelPackageGroup", renamed(group)),
    use("iam:UpdateAssumeRolePolicy", renamed(roleArn("build")), bounded),
    use("iam:PutRolePolicy", renamed(roleArn("build")), bounded),
    use("sqs:DeleteQueue", renamed(queue)),
    use("sns:DeleteTopic", renamed(projectTopic)),
    use("cloudwatch:DeleteAlarms", renamed(alarm)),
    use("logs:DeleteLogGroup", renamed(logGroup)),
    use("s3:PutBucketPolicy", renamed(bucket)),
    use("kms:DeleteAlias", renamed(alias)),
    use("kms:PutKeyPolicy", key, others),
    use("kms:TagResource", key, { ...asOwn, ...others }),
    use("s3:PutObject", `${state}/.pulumi/stacks/model-build-pipeline/prod.json`),
  ],
]);

/** What nobody within the boundary may, even with a policy that allows everything. */
export const never: readonly Sentence[] = [
  ...deployMayNot.slice(0, 5),
  [
    "make a user, a group, or an access key",
    [
      use("iam:CreateUser", "arn:aws:iam::123456789012:user/mallory"),
      use("iam:CreateGroup", "arn:aws:iam::123456789012:group/mallory"),
      use("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/admin"),
    ],
  ],
  [
    "take another role",
    [use("iam:PassRole", "arn:aws:iam::123456789012:role/admin", to("codebuild"))],
  ],
  ...outsideTheProject.map(([what, uses]): Sentence => [what, uses.slice(0, -1)]),
];

import { bucket, key, queue, session } from "../../support/policySet";
import { features, logGroup, sagemaker } from "./account";
import type { DenyRow } from "./denyRows";
import { type Call, each, type Row, use } from "./row";

const roles = ["build", "execution"] as const;
const own = "us-east-1:123456789012";
const pending = { "sagemaker:ModelApprovalStatus": "PendingManualApproval" };
const version = `${sagemaker}:model-package/mlops-churn--dev--models/7`;
const pipeline = `${sagemaker}:pipeline/mlops-churn--dev--training`;
const record = features.group;

/** Rows of the policy statements that the simulated settings have. */
export const statementRows: readonly Row[] = [
  {
    statement: "build-role-policy-statements PolicyStatements0",
    allows: "reads the bucket of a policy statement",
    calls: by("build", [use("s3:GetObject", "arn:aws:s3:::churn-features/a.csv")]),
    denies: "another account's bucket of that name, writing, another bucket",
    neighbours: by("build", [
      use("s3:GetObject", "arn:aws:s3:::churn-features/a.csv", {
        "aws:ResourceAccount": "210987654321",
      }),
      use("s3:PutObject", "arn:aws:s3:::churn-features/a.csv"),
      use("s3:GetObject", "arn:aws:s3:::churn-features-prod/a.csv"),
    ]),
  },
  {
    statement: "execution-role-policy-statements PolicyStatements0",
    allows: "reads and writes the feature group of a policy statement",
    calls: by("execution", each(["sagemaker:GetRecord", "sagemaker:PutRecord"], record)),
    denies: "deleting records, another feature group",
    neighbours: by("execution", [
      use("sagemaker:DeleteRecord", record),
      use("sagemaker:GetRecord", `${record}-prod`),
    ]),
  },
];

/** Rows of the Deny statements, for policy statements that would allow every action. */
export const statementDenyRows: readonly DenyRow[] = roles.flatMap((role): DenyRow[] => {
  const row = (
    Sid: string,
    denies: string,
    calls: readonly Call[1][],
    allows: string,
    others: readonly Call[1][],
  ): DenyRow => ({
    statement: `${role}-role-policy-statements ${Sid}`,
    denies,
    calls: by(role, calls),
    allows,
    others: by(role, others),
  });
  const create = (context: Call[1]["context"]) =>
    use("sagemaker:CreateModelPackage", version, context);
  return [
    row(
      "DenyProtectedActions",
      "approvals, deletion of versions, endpoints, notebooks, roles, commits, keys, logs",
      [
        use("sagemaker:UpdateModelPackage", version, {
          "sagemaker:ModelApprovalStatus": "Approved",
        }),
        use("sagemaker:DeleteModelPackage", version),
        use("sagemaker:CreateEndpoint", `${sagemaker}:endpoint/churn`),
        use("sagemaker:CreateNotebookInstance", `${sagemaker}:notebook-instance/pipelines-x`),
        use("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/other"),
        use("sts:AssumeRole", "arn:aws:iam::123456789012:role/approver"),
        use("codecommit:GitPush", `arn:aws:codecommit:${own}:payroll`),
        use("kms:DisableKey", key.replace("1234abcd", "5555abcd")),
        use(
          "logs:DeleteLogStream",
          `${logGroup.replace("churn--dev", "payroll--dev")}:log-stream:1`,
        ),
      ],
      "reading versions, repositories and roles",
      [
        use("sagemaker:DescribeModelPackage", version),
        use("codecommit:GitPull", `arn:aws:codecommit:${own}:payroll`),
        use("iam:GetRole", "arn:aws:iam::123456789012:role/other"),
      ],
    ),
    row(
      "DenyApprovedVersions",
      "registration of an approved version",
      [create({ "sagemaker:ModelApprovalStatus": "Approved" })],
      "registration of a pending version",
      [create(pending), create({})],
    ),
    row(
      "DenyLifeCycleStages",
      "registration with a life-cycle stage",
      [create({ ...pending, "sagemaker:ModelLifeCycle:Stage": "Production" })],
      "registration without one",
      [create(pending)],
    ),
    ...(role === "build"
      ? []
      : [
          row(
            "DenyBuildResources",
            "changing and starting the SageMaker pipeline, writing the log of the build",
            [
              ...each(["sagemaker:StartPipelineExecution", "sagemaker:UpdatePipeline"], pipeline),
              use("logs:PutLogEvents", `${logGroup}:log-stream:1`),
            ],
            "describing the SageMaker pipeline",
            [use("sagemaker:DescribePipeline", pipeline)],
          ),
        ]),
    row(
      "DenyArtifactDeletion",
      "deleting artifacts, changing the artifact bucket",
      [
        use("s3:DeleteObject", `${bucket}/model.tar.gz`),
        use("s3:PutEncryptionConfiguration", bucket),
      ],
      "reading artifacts, deleting objects of another bucket",
      [
        use("s3:GetObject", `${bucket}/model.tar.gz`),
        use("s3:DeleteObject", "arn:aws:s3:::churn-features/a.csv"),
      ],
    ),
    row(
      "DenyStackResources",
      "pipelines, builds, endpoints, alarms, rules, queue and access logs of the stack",
      [
        use(
          "codepipeline:StartPipelineExecution",
          `arn:aws:codepipeline:${own}:mlops-churn--dev--modelbuild`,
        ),
        use(
          "codebuild:UpdateProject",
          `arn:aws:codebuild:${own}:project/mlops-churn--dev--modelbuild`,
        ),
        use(
          "cloudwatch:SetAlarmState",
          `arn:aws:cloudwatch:${own}:alarm:mlops-churn--dev--prod-errors`,
        ),
        use("events:DisableRule", `arn:aws:events:${own}:rule/mlops-churn--dev--push`),
        use(
          "scheduler:DeleteSchedule",
          `arn:aws:scheduler:${own}:schedule/mlops-churn--dev--staging/delete-endpoint`,
        ),
        use("sagemaker:AddTags", `${sagemaker}:endpoint-config/mlops-churn--dev--prod-7-0a1b2c3d`),
        use("sagemaker:CreateModel", `${sagemaker}:model/mlops-churn--dev--prod-7-0a1b2c3d`),
        use("sqs:PurgeQueue", queue),
        use("s3:GetObject", `${bucket}-logs/2026-11-24`),
      ],
      "those of another project",
      [
        use(
          "codepipeline:StartPipelineExecution",
          `arn:aws:codepipeline:${own}:mlops-churn--prod--modelbuild`,
        ),
        use(
          "codebuild:BatchPutTestCases",
          `arn:aws:codebuild:${own}:report-group/mlops-churn--dev--modelbuild-tests`,
        ),
      ],
    ),
  ];
});

function by(role: string, uses: readonly Call[1][]): Call[] {
  return uses.map((one): Call => [session(role), one]);
}

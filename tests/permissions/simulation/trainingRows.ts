import type { RequiredAction } from "../../../local/iam/contract";
import { bucket, key, roleArn, upload } from "../../support/policySet";
import { images, otherKey, sagemaker } from "./account";
import { each, ofRole, type OfStatement, onLogGroup, type Row, use } from "./row";
import { describeVersionsRow } from "./sharedRows";

const job = (kind: string, name = "pipelines-abc-step-def") => `${sagemaker}:${kind}/${name}`;
const group = `${sagemaker}:model-package-group/mlops-churn--dev--models`;
const versions = `${sagemaker}:model-package/mlops-churn--dev--models`;
const logs = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs";
const otherLogs = logs.replace("sagemaker/TrainingJobs", "codebuild/payroll");
const endpointLogs = logs.replace("TrainingJobs", "Endpoints/payroll");
const anotherBucket = "arn:aws:s3:::payroll";
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const forVolumes = {
  "kms:ViaService": "sagemaker.us-east-1.amazonaws.com",
  "kms:GrantIsForAWSResource": "true",
};

/** Rows of a role for encrypted job volumes. */
export const volumeKeyRows: readonly OfStatement[] = [
  [
    "VolumeKeyGrant",
    "creates grants for job volumes",
    [use("kms:CreateGrant", key, forVolumes)],
    "another KMS key",
    [use("kms:CreateGrant", otherKey, forVolumes)],
  ],
  [
    "KeyDescribe",
    "describes the KMS key",
    [use("kms:DescribeKey", key)],
    "another KMS key",
    [use("kms:DescribeKey", otherKey)],
  ],
];

/** Rows of a role that reads training data, and pulls images. */
export const dataReadRows: readonly OfStatement[] = [
  [
    "TrainingDataList",
    "lists the training data buckets",
    each(["s3:ListBucket"], "arn:aws:s3:::churn-data"),
    "another bucket",
    [use("s3:ListBucket", anotherBucket)],
  ],
  [
    "TrainingDataRead",
    "reads the training data buckets",
    [use("s3:GetObject", "arn:aws:s3:::churn-data/data.csv")],
    "another bucket, writing objects",
    [
      use("s3:GetObject", `${anotherBucket}/data.csv`),
      use("s3:PutObject", "arn:aws:s3:::churn-data/data.csv"),
    ],
  ],
  [
    "TrainingDataKey",
    "decrypts training data",
    [use("kms:Decrypt", otherKey, throughS3)],
    "calls outside Amazon S3, another KMS key",
    [use("kms:Decrypt", otherKey), use("kms:Decrypt", otherKey.replace("9876", "5555"), throughS3)],
  ],
  [
    "EcrLogin",
    "gets an ECR authorization token",
    [use("ecr:GetAuthorizationToken", "*")],
    "creating a repository",
    [use("ecr:CreateRepository", images)],
  ],
  [
    "EcrPull",
    "pulls the configured images",
    each(
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      images,
    ),
    "pulling another repository, pushing images",
    [use("ecr:BatchGetImage", images.replace("xgboost", "payroll")), use("ecr:PutImage", images)],
  ],
];

/** Rows of a role that writes logs and metrics of jobs. */
export const jobLogRows: readonly OfStatement[] = [
  [
    "JobLogGroups",
    "creates the job log groups and lists their streams",
    onLogGroup(logs),
    "log groups of builds, log groups of endpoints",
    [...onLogGroup(otherLogs), use("logs:DescribeLogStreams", endpointLogs)],
  ],
  [
    "JobLogStreams",
    "writes job log streams",
    each(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      `${logs}:log-stream:pipelines-abc-step-def/algo-1-1`,
    ),
    "log streams of other jobs, of endpoints, of builds",
    [
      use("logs:PutLogEvents", `${logs}:log-stream:payroll/algo-1-1`),
      use("logs:PutLogEvents", `${endpointLogs}:log-stream:AllTraffic/i-1`),
      use("logs:PutLogEvents", `${otherLogs}:log-stream:1`),
    ],
  ],
  [
    "JobMetrics",
    "writes metrics to SageMaker namespaces",
    [metric("/aws/sagemaker/TrainingJobs")],
    "other namespaces",
    [metric("AWS/Billing")],
  ],
];

const dataRows = ofRole("execution", [
  [
    "DataBucketList",
    "lists the artifact bucket",
    [use("s3:ListBucket", bucket)],
    "another bucket",
    [use("s3:ListBucket", anotherBucket)],
  ],
  [
    "DataObjects",
    "reads and writes objects of the artifact bucket",
    [use("s3:GetObject", `${bucket}/data.csv`), upload({})],
    "another bucket, deleting objects",
    [
      use("s3:PutObject", `${anotherBucket}/data.csv`),
      use("s3:DeleteObject", `${bucket}/data.csv`),
    ],
  ],
  [
    "DataKey",
    "uses the KMS key through Amazon S3",
    each(["kms:Decrypt", "kms:GenerateDataKey"], key, throughS3),
    "encrypting with another KMS key",
    [use("kms:GenerateDataKey", otherKey, throughS3)],
  ],
  ...volumeKeyRows,
  ...dataReadRows,
]);

const jobRows = ofRole("execution", [
  ...jobLogRows,
  ...["Processing", "Training"].map(
    (kind) =>
      [
        `${kind}Jobs`,
        `creates and describes ${kind.toLowerCase()} jobs of pipeline steps`,
        each(
          [`sagemaker:Create${kind}Job`, `sagemaker:Describe${kind}Job`],
          job(`${kind.toLowerCase()}-job`),
        ),
        "jobs of another name",
        [use(`sagemaker:Create${kind}Job`, job(`${kind.toLowerCase()}-job`, "payroll"))],
      ] as const,
  ),
  [
    "TransformJobs",
    "creates transform jobs of pipeline steps",
    [use("sagemaker:CreateTransformJob", job("transform-job"))],
    "jobs of another name",
    [use("sagemaker:CreateTransformJob", job("transform-job", "payroll"))],
  ],
  [
    "Models",
    "creates models of pipeline steps",
    [use("sagemaker:CreateModel", job("model"))],
    "models of another name, creating endpoints",
    [
      use("sagemaker:CreateModel", job("model", "payroll")),
      use("sagemaker:CreateEndpoint", job("endpoint", "churn-dev")),
    ],
  ],
  [
    "JobTags",
    "tags its jobs, models and model versions",
    ["processing-job", "training-job", "transform-job", "model"]
      .map((kind) => use("sagemaker:AddTags", job(kind)))
      .concat(use("sagemaker:AddTags", `${versions}/7`)),
    "jobs of another name, model versions of another project",
    [
      use("sagemaker:AddTags", job("training-job", "payroll")),
      use("sagemaker:AddTags", `${versions.replace("dev", "prod")}/7`),
    ],
  ],
]);

const registryRows = ofRole("execution", [
  [
    "RegisterPending",
    "registers model versions as PendingManualApproval",
    [register("PendingManualApproval")],
    "Approved, Rejected, another group, a life-cycle stage",
    [
      register("Approved"),
      register("Rejected"),
      register("PendingManualApproval", versions.replace("dev", "prod")),
      register("PendingManualApproval", versions, {
        "sagemaker:ModelLifeCycle:Stage": "Production",
      }),
    ],
  ],
  [
    "RegistryGroup",
    "creates the model package group",
    [use("sagemaker:CreateModelPackageGroup", group)],
    "another group, deleting the group",
    [
      use("sagemaker:CreateModelPackageGroup", group.replace("dev", "prod")),
      use("sagemaker:DeleteModelPackageGroup", group),
    ],
  ],
  describeVersionsRow("RegistryRead"),
  [
    "PassExecutionRoleToJobs",
    "passes the execution role to SageMaker",
    [passed("execution", "sagemaker")],
    "another role, another service",
    [passed("build", "sagemaker"), passed("execution", "ecs-tasks")],
  ],
]);

/** Rows of training. */
export const trainingRows: readonly Row[] = [...dataRows, ...jobRows, ...registryRows];

function metric(namespace: string) {
  return use(
    "cloudwatch:PutMetricData",
    "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default",
    { "cloudwatch:namespace": namespace },
  );
}

function register(status: string, of = versions, lifeCycle: RequiredAction["context"] = {}) {
  return use("sagemaker:CreateModelPackage", `${of}/*`, {
    "sagemaker:ModelApprovalStatus": status,
    ...lifeCycle,
  });
}

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

import { bucket, key, roleArn, upload } from "../support/court";
import { images, otherKey, sagemaker } from "./account";
import { each, ofRole, type Row, use } from "./row";

const job = (kind: string, name = "pipelines-abc-step-def") => `${sagemaker}:${kind}/${name}`;
const group = `${sagemaker}:model-package-group/churn-dev`;
const versions = `${sagemaker}:model-package/churn-dev`;
const logs = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs";
const otherLogs = logs.replace("sagemaker/TrainingJobs", "codebuild/payroll");
const endpointLogs = logs.replace("TrainingJobs", "Endpoints/payroll");
const anotherBucket = "arn:aws:s3:::payroll";
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const forVolumes = {
  "kms:ViaService": "sagemaker.us-east-1.amazonaws.com",
  "kms:GrantIsForAWSResource": "true",
};

const dataRows = ofRole("execution", [
  [
    "DataBucketList",
    "lists the artifact bucket",
    [use("s3:ListBucket", bucket)],
    "another one",
    [use("s3:ListBucket", anotherBucket)],
  ],
  [
    "DataObjects",
    "reads data and keeps results",
    [use("s3:GetObject", `${bucket}/data.csv`), upload({})],
    "in another bucket, nor delete any",
    [
      use("s3:PutObject", `${anotherBucket}/data.csv`),
      use("s3:DeleteObject", `${bucket}/data.csv`),
    ],
  ],
  [
    "DataKey",
    "uses the key through S3",
    each(["kms:Decrypt", "kms:GenerateDataKey"], key, throughS3),
    "another key to write",
    [use("kms:GenerateDataKey", otherKey, throughS3)],
  ],
  [
    "VolumeKeyGrant",
    "encrypts the volumes of its jobs under the key",
    [use("kms:CreateGrant", key, forVolumes)],
    "under another key",
    [use("kms:CreateGrant", otherKey, forVolumes)],
  ],
  [
    "KeyDescribe",
    "looks at the key",
    [use("kms:DescribeKey", key)],
    "at another key",
    [use("kms:DescribeKey", otherKey)],
  ],
  [
    "SourceDataList",
    "lists the data buckets it is given",
    each(["s3:ListBucket"], "arn:aws:s3:::churn-data"),
    "another one",
    [use("s3:ListBucket", anotherBucket)],
  ],
  [
    "SourceDataRead",
    "reads the data it is given",
    [use("s3:GetObject", "arn:aws:s3:::churn-data/data.csv")],
    "another bucket's, nor write any",
    [
      use("s3:GetObject", `${anotherBucket}/data.csv`),
      use("s3:PutObject", "arn:aws:s3:::churn-data/data.csv"),
    ],
  ],
  [
    "SourceDataKey",
    "decrypts the data it is given",
    [use("kms:Decrypt", otherKey, throughS3)],
    "other than through S3, nor data under another key",
    [use("kms:Decrypt", otherKey), use("kms:Decrypt", otherKey.replace("9876", "5555"), throughS3)],
  ],
  [
    "EcrLogin",
    "logs in to ECR",
    [use("ecr:GetAuthorizationToken", "*")],
    "make a repository there",
    [use("ecr:CreateRepository", images)],
  ],
  [
    "EcrPull",
    "pulls the images it is given",
    each(
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      images,
    ),
    "another one, nor push any",
    [use("ecr:BatchGetImage", images.replace("xgboost", "payroll")), use("ecr:PutImage", images)],
  ],
]);

const jobRows = ofRole("execution", [
  [
    "JobLogGroups",
    "makes and reads the list of its jobs' logs",
    each(["logs:CreateLogGroup", "logs:DescribeLogStreams"], logs),
    "others' logs, an endpoint's for one",
    [
      ...each(["logs:CreateLogGroup", "logs:DescribeLogStreams"], otherLogs),
      use("logs:DescribeLogStreams", endpointLogs),
    ],
  ],
  [
    "JobLogStreams",
    "writes its jobs' logs",
    each(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      `${logs}:log-stream:pipelines-abc-step-def/algo-1-1`,
    ),
    "those of jobs that no pipeline runs, of endpoints or builds",
    [
      use("logs:PutLogEvents", `${logs}:log-stream:payroll/algo-1-1`),
      use("logs:PutLogEvents", `${endpointLogs}:log-stream:AllTraffic/i-1`),
      use("logs:PutLogEvents", `${otherLogs}:log-stream:1`),
    ],
  ],
  [
    "JobMetrics",
    "writes metrics under SageMaker's names",
    [metric("/aws/sagemaker/TrainingJobs")],
    "under others",
    [metric("AWS/Billing")],
  ],
  ...["Processing", "Training"].map(
    (kind) =>
      [
        kind,
        `runs ${kind.toLowerCase()} jobs of a pipeline`,
        each(
          [`sagemaker:Create${kind}Job`, `sagemaker:Describe${kind}Job`],
          job(`${kind.toLowerCase()}-job`),
        ),
        "a job of another name",
        [use(`sagemaker:Create${kind}Job`, job(`${kind.toLowerCase()}-job`, "payroll"))],
      ] as const,
  ),
  [
    "Transform",
    "runs transform jobs of a pipeline",
    [use("sagemaker:CreateTransformJob", job("transform-job"))],
    "a job of another name",
    [use("sagemaker:CreateTransformJob", job("transform-job", "payroll"))],
  ],
  [
    "Model",
    "makes models for a pipeline's steps",
    [use("sagemaker:CreateModel", job("model"))],
    "a model of another name, nor put one into service",
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
    "other things",
    [
      use("sagemaker:AddTags", job("training-job", "payroll")),
      use("sagemaker:AddTags", `${versions.replace("dev", "prod")}/7`),
    ],
  ],
]);

const registryRows = ofRole("execution", [
  [
    "RegisterPending",
    "registers models as pending in its group",
    [register("PendingManualApproval")],
    "as approved or rejected, nor in another group",
    [
      register("Approved"),
      register("Rejected"),
      register("PendingManualApproval", versions.replace("dev", "prod")),
    ],
  ],
  [
    "RegistryGroup",
    "makes its group if it is missing",
    [use("sagemaker:CreateModelPackageGroup", group)],
    "another group, nor delete its own",
    [
      use("sagemaker:CreateModelPackageGroup", group.replace("dev", "prod")),
      use("sagemaker:DeleteModelPackageGroup", group),
    ],
  ],
  [
    "RegistryRead",
    "reads the versions of its group",
    [use("sagemaker:DescribeModelPackage", `${versions}/7`)],
    "of another group, nor approve one",
    [
      use("sagemaker:DescribeModelPackage", `${versions.replace("dev", "prod")}/7`),
      use("sagemaker:UpdateModelPackage", `${versions}/7`, {
        "sagemaker:ModelApprovalStatus": "Approved",
      }),
    ],
  ],
  [
    "PassSelfToJobs",
    "hands itself to jobs",
    [passed("execution", "sagemaker")],
    "another role, nor to another service",
    [passed("build", "sagemaker"), passed("execution", "ecs-tasks")],
  ],
]);

/** The sentences about training. */
export const trainingRows: readonly Row[] = [...dataRows, ...jobRows, ...registryRows];

function metric(namespace: string) {
  return use(
    "cloudwatch:PutMetricData",
    "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default",
    { "cloudwatch:namespace": namespace },
  );
}

function register(status: string, of = versions) {
  return use("sagemaker:CreateModelPackage", `${of}/*`, {
    "sagemaker:ModelApprovalStatus": status,
  });
}

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

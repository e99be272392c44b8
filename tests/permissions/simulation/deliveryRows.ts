import { bucket, key, roleArn, upload } from "../../support/policySet";
import {
  buildImage,
  connection,
  logGroup,
  otherKey,
  parameter,
  sagemaker,
  secret,
} from "./account";
import { each, ofRole, type Row, use } from "./row";

const otherBucket = bucket.replace("churn--dev", "churn--prod");
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const throughSecrets = { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" };
const throughParameters = { "kms:ViaService": "ssm.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };
const delivery = "us-east-1:123456789012:mlops-churn--dev--modelbuild";
const repository = `arn:aws:codecommit:${delivery}`;
const project = `arn:aws:codebuild:${delivery.replace("12:", "12:project/")}`;
const pipeline = `${sagemaker}:pipeline/mlops-churn--dev--training`;

/** Rows of the pipeline, build and push-rule roles. */
export const deliveryRows: readonly Row[] = [
  ...artifacts("pipeline", [upload({})], ["kms:GenerateDataKey"]),
  ...artifacts(
    "build",
    [upload({}), use("s3:GetObject", `${bucket}/source.zip`)],
    ["kms:Decrypt", "kms:GenerateDataKey"],
  ),
  ...ofRole("pipeline", [
    [
      "SourceCodeCommit",
      "uploads source archives of the CodeCommit repository",
      each(
        [
          "codecommit:GetBranch",
          "codecommit:GetCommit",
          "codecommit:UploadArchive",
          "codecommit:GetUploadArchiveStatus",
        ],
        repository,
      ),
      "another project's repository, pushing commits",
      [
        use("codecommit:UploadArchive", repository.replace("churn--dev", "churn--prod")),
        use("codecommit:GitPush", repository),
      ],
    ],
    ...["codeconnections", "codestar-connections"].map(
      (service) =>
        [
          service === "codeconnections" ? "SourceConnection" : "SourceConnectionLegacy",
          `reads the repository through ${service}`,
          [useConnection(service, connection, "acme/churn-model")],
          "another repository, another connection",
          [
            useConnection(service, connection, "acme/payroll"),
            useConnection(service, connection.replace("1111", "9999"), "acme/churn-model"),
          ],
        ] as const,
    ),
    [
      "BuildActions",
      "starts and describes builds",
      each(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], project),
      "another project's builds, updating the CodeBuild project",
      [
        use("codebuild:StartBuild", project.replace("churn--dev", "churn--prod")),
        use("codebuild:UpdateProject", project),
      ],
    ],
  ]),
  ...ofRole("build", [
    [
      "Logs",
      "writes log streams of its build",
      each(["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroup}:log-stream:1`),
      "the log group of another project",
      [use("logs:PutLogEvents", `${logGroup.replace("dev", "prod")}:log-stream:1`)],
    ],
    [
      "SdkBucketProbe",
      "lists the artifact bucket for the SageMaker SDK",
      [use("s3:ListBucket", bucket)],
      "another bucket",
      [use("s3:ListBucket", otherBucket), use("s3:ListBucket", bucket, ofOthers)],
    ],
    [
      "PipelineUpsertAndStart",
      "creates, updates and starts the SageMaker pipeline",
      each(
        [
          "sagemaker:AddTags",
          "sagemaker:CreatePipeline",
          "sagemaker:DescribePipeline",
          "sagemaker:ListPipelineExecutions",
          "sagemaker:StartPipelineExecution",
          "sagemaker:UpdatePipeline",
        ],
        pipeline,
      ),
      "another project's pipeline, deleting the pipeline",
      [
        use("sagemaker:UpdatePipeline", pipeline.replace("dev", "prod")),
        use("sagemaker:StartPipelineExecution", pipeline.replace("dev", "prod")),
        use("sagemaker:DeletePipeline", pipeline),
      ],
    ],
    [
      "PipelineExecutionWatch",
      "describes executions of the SageMaker pipeline",
      [use("sagemaker:DescribePipelineExecution", `${pipeline}/execution/a1b2c3`)],
      "executions of another project",
      [
        use(
          "sagemaker:DescribePipelineExecution",
          `${pipeline.replace("dev", "prod")}/execution/a1b2c3`,
        ),
      ],
    ],
    [
      "RegistryGroupRead",
      "describes the model package group",
      [
        use(
          "sagemaker:DescribeModelPackageGroup",
          `${sagemaker}:model-package-group/mlops-churn--dev--models`,
        ),
      ],
      "another project's model package group",
      [
        use(
          "sagemaker:DescribeModelPackageGroup",
          `${sagemaker}:model-package-group/mlops-churn--prod--models`,
        ),
      ],
    ],
    [
      "ImageVersionRead",
      "looks for a custom image, as code of AWS's template does",
      [use("sagemaker:DescribeImageVersion", `${sagemaker}:image-version/churn-training/1`)],
      "creating a version of an image",
      [use("sagemaker:CreateImageVersion", `${sagemaker}:image/churn-training`)],
    ],
    [
      "RegistryRead",
      "lists and describes model versions",
      [
        use("sagemaker:ListModelPackages", `${sagemaker}:model-package/mlops-churn--dev--models/*`),
        use(
          "sagemaker:DescribeModelPackage",
          `${sagemaker}:model-package/mlops-churn--dev--models/7`,
        ),
      ],
      "another project's versions, approving versions",
      [
        use(
          "sagemaker:ListModelPackages",
          `${sagemaker}:model-package/mlops-churn--prod--models/*`,
        ),
        use(
          "sagemaker:UpdateModelPackage",
          `${sagemaker}:model-package/mlops-churn--dev--models/7`,
        ),
      ],
    ],
    [
      "ChampionRead",
      "reads the version that production serves",
      [
        use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--prod`),
        use("sagemaker:ListTags", `${sagemaker}:endpoint-config/mlops-churn--dev--prod-7-0a1b2c3d`),
        use("sagemaker:DescribeModel", `${sagemaker}:model/mlops-churn--dev--prod-7-0a1b2c3d`),
      ],
      "staging, another project, updating and invoking the endpoint",
      [
        use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--staging`),
        use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/mlops-churn--prod--prod`),
        ...each(
          ["sagemaker:InvokeEndpoint", "sagemaker:UpdateEndpoint"],
          `${sagemaker}:endpoint/mlops-churn--dev--prod`,
        ),
      ],
    ],
    [
      "PassExecutionRole",
      "passes the execution role to SageMaker",
      [passed("execution", "sagemaker")],
      "another role, another service",
      [passed("pipeline", "sagemaker"), passed("execution", "lambda")],
    ],
    [
      "EcrLogin",
      "gets an ECR authorization token",
      [use("ecr:GetAuthorizationToken", "*")],
      "creating a repository",
      [use("ecr:CreateRepository", buildImage)],
    ],
    [
      "EcrPull",
      "pulls the build image",
      each(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        buildImage,
      ),
      "pulling another repository, pushing images",
      [
        use("ecr:BatchGetImage", buildImage.replace("ml/build", "ml/payroll")),
        use("ecr:PutImage", buildImage),
      ],
    ],
    [
      "SecretsRead",
      "reads the secrets of its environment variables",
      [use("secretsmanager:GetSecretValue", secret)],
      "a secret whose name begins the same, changing the secret",
      [
        use("secretsmanager:GetSecretValue", secret.replace("token", "token-prod")),
        use("secretsmanager:PutSecretValue", secret),
      ],
    ],
    [
      "ParametersRead",
      "reads the parameters of its environment variables",
      [use("ssm:GetParameters", parameter)],
      "a parameter below it, changing the parameter",
      [use("ssm:GetParameters", `${parameter}/prod`), use("ssm:PutParameter", parameter)],
    ],
    [
      "SecretKeys",
      "decrypts through Secrets Manager and Parameter Store",
      [throughSecrets, throughParameters].map((via) => use("kms:Decrypt", otherKey, via)),
      "calls outside these services, another KMS key",
      [
        use("kms:Decrypt", otherKey),
        use("kms:Decrypt", otherKey, throughS3),
        use("kms:Decrypt", otherKey.replace("9876", "5555"), throughSecrets),
      ],
    ],
  ]),
  ...ofRole("push-rule", [
    [
      "StartPipeline",
      "starts the CodePipeline pipeline",
      [use("codepipeline:StartPipelineExecution", `arn:aws:codepipeline:${delivery}`)],
      "another project's pipeline",
      [
        use(
          "codepipeline:StartPipelineExecution",
          `arn:aws:codepipeline:${delivery.replace("dev", "prod")}`,
        ),
      ],
    ],
  ]),
];

function artifacts(role: string, objects: Row["calls"][number][1][], onKey: string[]): Row[] {
  return ofRole(role, [
    [
      "ArtifactBucketMeta",
      "reads the versioning of the artifact bucket",
      [use("s3:GetBucketVersioning", bucket)],
      "another bucket",
      [use("s3:GetBucketVersioning", otherBucket), use("s3:GetBucketVersioning", bucket, ofOthers)],
    ],
    [
      "ArtifactObjects",
      "writes pipeline artifacts",
      objects,
      "another bucket, a bucket of another account, deleting objects",
      [
        use("s3:PutObject", `${otherBucket}/data.csv`),
        use("s3:PutObject", `${bucket}/data.csv`, ofOthers),
        use("s3:DeleteObject", `${bucket}/data.csv`),
      ],
    ],
    [
      "ArtifactKey",
      "uses the KMS key through Amazon S3",
      each(onKey, key, throughS3),
      "another KMS key",
      each(onKey, otherKey, throughS3),
    ],
    [
      "ArtifactKeyDescribe",
      "describes the KMS key",
      [use("kms:DescribeKey", key)],
      "another KMS key, disabling the KMS key",
      [use("kms:DescribeKey", otherKey), use("kms:DisableKey", key)],
    ],
  ]);
}

function useConnection(service: string, rest: string, repositoryId: string) {
  return use(`${service}:UseConnection`, `arn:aws:${service}:us-east-1:123456789012:${rest}`, {
    [`${service}:FullRepositoryId`]: repositoryId,
  });
}

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), {
    "iam:PassedToService": `${service}.amazonaws.com`,
  });
}

import { bucket, key, roleArn, upload } from "../support/court";
import { buildImage, connection, logGroup, otherKey, sagemaker } from "./account";
import { each, ofRole, type Row, use } from "./row";

const otherBucket = bucket.replace("churn-dev", "churn-prod");
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };
const delivery = "us-east-1:123456789012:sagemaker-churn-dev-modelbuild";
const repository = `arn:aws:codecommit:${delivery}`;
const project = `arn:aws:codebuild:${delivery.replace("12:", "12:project/")}`;
const pipeline = `${sagemaker}:pipeline/churn-dev`;

/** The sentences about CodePipeline, the build and the push rule. */
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
      "packs the source of its repository",
      each(
        [
          "codecommit:GetBranch",
          "codecommit:GetCommit",
          "codecommit:UploadArchive",
          "codecommit:GetUploadArchiveStatus",
        ],
        repository,
      ),
      "another project's, nor push to it",
      [
        use("codecommit:UploadArchive", repository.replace("churn-dev", "churn-prod")),
        use("codecommit:GitPush", repository),
      ],
    ],
    ...["codeconnections", "codestar-connections"].map(
      (service) =>
        [
          service === "codeconnections" ? "SourceConnection" : "SourceConnectionLegacy",
          `reads its repository by ${service}`,
          [useConnection(service, connection, "acme/churn-model")],
          "another repository, nor by another connection",
          [
            useConnection(service, connection, "acme/payroll"),
            useConnection(service, connection.replace("1111", "9999"), "acme/churn-model"),
          ],
        ] as const,
    ),
    [
      "BuildActions",
      "starts and watches its build",
      each(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], project),
      "another project's, nor change what it runs",
      [
        use("codebuild:StartBuild", project.replace("churn-dev", "churn-prod")),
        use("codebuild:UpdateProject", project),
      ],
    ],
  ]),
  ...ofRole("build", [
    [
      "Logs",
      "writes its log",
      each(["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroup}:log-stream:1`),
      "into another project's",
      [use("logs:PutLogEvents", `${logGroup.replace("dev", "prod")}:log-stream:1`)],
    ],
    [
      "SdkBucketProbe",
      "asks whether the artifact bucket is there, as the SageMaker SDK does",
      [use("s3:ListBucket", bucket)],
      "in another bucket",
      [use("s3:ListBucket", otherBucket), use("s3:ListBucket", bucket, ofOthers)],
    ],
    [
      "PipelineUpsertAndStart",
      "writes and starts its SageMaker pipeline",
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
      "another project's, nor delete its own",
      [
        use("sagemaker:UpdatePipeline", pipeline.replace("dev", "prod")),
        use("sagemaker:StartPipelineExecution", pipeline.replace("dev", "prod")),
        use("sagemaker:DeletePipeline", pipeline),
      ],
    ],
    [
      "PipelineExecutionWatch",
      "waits for training",
      [use("sagemaker:DescribePipelineExecution", `${pipeline}/execution/a1b2c3`)],
      "for another project's",
      [
        use(
          "sagemaker:DescribePipelineExecution",
          `${pipeline.replace("dev", "prod")}/execution/a1b2c3`,
        ),
      ],
    ],
    [
      "RegistryGroupRead",
      "looks at its model group",
      [use("sagemaker:DescribeModelPackageGroup", `${sagemaker}:model-package-group/churn-dev`)],
      "another project's",
      [use("sagemaker:DescribeModelPackageGroup", `${sagemaker}:model-package-group/churn-prod`)],
    ],
    [
      "RegistryRead",
      "looks for versions in its model group",
      [use("sagemaker:ListModelPackages", `${sagemaker}:model-package/churn-dev/*`)],
      "in another project's, nor approve one",
      [
        use("sagemaker:ListModelPackages", `${sagemaker}:model-package/churn-prod/*`),
        use("sagemaker:UpdateModelPackage", `${sagemaker}:model-package/churn-dev/7`),
      ],
    ],
    [
      "PassExecutionRole",
      "hands the execution role to SageMaker",
      [passed("execution", "sagemaker")],
      "another role, nor to another service",
      [passed("pipeline", "sagemaker"), passed("execution", "lambda")],
    ],
    [
      "EcrLogin",
      "logs in to ECR",
      [use("ecr:GetAuthorizationToken", "*")],
      "make a repository there",
      [use("ecr:CreateRepository", buildImage)],
    ],
    [
      "EcrPull",
      "pulls its image",
      each(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        buildImage,
      ),
      "another one, nor push its own",
      [
        use("ecr:BatchGetImage", buildImage.replace("ml/build", "ml/payroll")),
        use("ecr:PutImage", buildImage),
      ],
    ],
  ]),
  ...ofRole("trigger", [
    [
      "StartPipeline",
      "starts its pipeline",
      [use("codepipeline:StartPipelineExecution", `arn:aws:codepipeline:${delivery}`)],
      "another project's",
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
      "asks whether the artifact bucket keeps versions",
      [use("s3:GetBucketVersioning", bucket)],
      "of another bucket",
      [use("s3:GetBucketVersioning", otherBucket), use("s3:GetBucketVersioning", bucket, ofOthers)],
    ],
    [
      "ArtifactObjects",
      "passes artifacts on",
      objects,
      "by another bucket, nor by one of the name in another account, nor delete them",
      [
        use("s3:PutObject", `${otherBucket}/data.csv`),
        use("s3:PutObject", `${bucket}/data.csv`, ofOthers),
        use("s3:DeleteObject", `${bucket}/data.csv`),
      ],
    ],
    [
      "ArtifactKey",
      "uses the key through S3",
      each(onKey, key, throughS3),
      "another key",
      each(onKey, otherKey, throughS3),
    ],
    [
      "ArtifactKeyDescribe",
      "looks at the key",
      [use("kms:DescribeKey", key)],
      "at another key, nor disable its own",
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

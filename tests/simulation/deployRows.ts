import { bucket, key } from "../support/court";
import { connection, otherKey, sagemaker } from "./account";
import { anyBuild } from "./buildRows";
import { connectsBuild } from "./networkRows";
import { each, ofRole, type OfStatement, type Row, use } from "./row";

const delivery = "us-east-1:123456789012:sagemaker-churn-dev-modeldeploy";
const repository = `arn:aws:codecommit:${delivery}`;
const pipeline = `arn:aws:codepipeline:${delivery}`;
const project = (build: string) =>
  `arn:aws:codebuild:us-east-1:123456789012:project/sagemaker-churn-dev-${build}`;
const otherBucket = bucket.replace("churn-dev", "churn-prod");
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };
const results = `${bucket}/sagemaker-churn-dev-/TestResult/a1b2c3d`;

/** The sentences about what runs a deployment: CodePipeline, the rule of approvals, and the test. */
export const deployRows: readonly Row[] = [
  ...ofRole("deploy", [
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
      [use("s3:PutObject", `${bucket}/sagemaker-churn-dev-/SourceCode/a1b2c3d`)],
      "by another bucket, nor by one of the name in another account, nor delete them",
      [
        use("s3:PutObject", `${otherBucket}/a`),
        use("s3:PutObject", `${bucket}/a`, ofOthers),
        use("s3:DeleteObject", `${bucket}/a`),
      ],
    ],
    [
      "ArtifactKey",
      "uses the key through S3",
      [use("kms:GenerateDataKey", key, throughS3)],
      "another key",
      [use("kms:GenerateDataKey", otherKey, throughS3)],
    ],
    [
      "ArtifactKeyDescribe",
      "looks at the key",
      [use("kms:DescribeKey", key)],
      "at another key, nor disable its own",
      [use("kms:DescribeKey", otherKey), use("kms:DisableKey", key)],
    ],
    [
      "SourceCodeCommit",
      "packs the source of deployments",
      each(
        [
          "codecommit:GetBranch",
          "codecommit:GetCommit",
          "codecommit:UploadArchive",
          "codecommit:GetUploadArchiveStatus",
        ],
        repository,
      ),
      "that of builds, nor push to it",
      [
        use("codecommit:UploadArchive", repository.replace("modeldeploy", "modelbuild")),
        use("codecommit:GitPush", repository),
      ],
    ],
    ...["codeconnections", "codestar-connections"].map((service): OfStatement => [
      service === "codeconnections" ? "SourceConnection" : "SourceConnectionLegacy",
      `reads the repository of deployments by ${service}`,
      [useConnection(service, "acme/churn-deploy")],
      "that of builds",
      [useConnection(service, "acme/churn-model")],
    ]),
    [
      "BuildActions",
      "starts and watches the builds of a deployment",
      ["deploy-staging", "test-staging", "deploy-prod"].flatMap((build) =>
        each(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], project(build)),
      ),
      "the model's build, nor change what they run",
      [
        use("codebuild:StartBuild", project("modelbuild")),
        use("codebuild:UpdateProject", project("deploy-prod")),
      ],
    ],
  ]),
  ...ofRole("approval", [
    [
      "StartPipeline",
      "starts a deployment",
      [use("codepipeline:StartPipelineExecution", pipeline)],
      "a build of a model, nor decide about a deployment",
      [
        use("codepipeline:StartPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
        use("codepipeline:PutApprovalResult", `${pipeline}/DeployStaging/ApproveDeployment`),
      ],
    ],
  ]),
  ...ofRole("test-staging", [
    ...anyBuild("test-staging"),
    [
      "ArtifactWrite",
      "leaves what it found",
      [use("s3:PutObject", results)],
      "elsewhere in the bucket, where models and data are",
      [use("s3:PutObject", `${bucket}/churn-dev/executions/a1b2c3/Train/model.tar.gz`)],
    ],
    [
      "Invoke",
      "asks staging's endpoint, and how it is",
      each(
        ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"],
        `${sagemaker}:endpoint/churn-dev-staging`,
      ),
      "production's, nor change staging's",
      [
        use("sagemaker:InvokeEndpoint", `${sagemaker}:endpoint/churn-dev-prod`),
        use("sagemaker:DeleteEndpoint", `${sagemaker}:endpoint/churn-dev-staging`),
      ],
    ],
  ]),
  ...ofRole("test-staging", connectsBuild),
];

function useConnection(service: string, repositoryId: string) {
  return use(
    `${service}:UseConnection`,
    `arn:aws:${service}:us-east-1:123456789012:${connection}`,
    {
      [`${service}:FullRepositoryId`]: repositoryId,
    },
  );
}

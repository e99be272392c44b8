import { bucket, key } from "../../support/policySet";
import { connection, deployedModel, otherKey, sagemaker } from "./account";
import { anyBuild } from "./buildRows";
import { connectsBuild } from "./networkRows";
import { each, ofRole, type OfStatement, type Row, use } from "./row";
import { describeVersionsRow, lifeCycleRow } from "./sharedRows";

const delivery = "us-east-1:123456789012:mlops-churn--dev--modeldeploy";
const repository = `arn:aws:codecommit:${delivery}`;
const pipeline = `arn:aws:codepipeline:${delivery}`;
const project = (build: string) =>
  `arn:aws:codebuild:us-east-1:123456789012:project/mlops-churn--dev--${build}`;
const otherBucket = bucket.replace("churn--dev", "churn--prod");
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };
const results = `${bucket}/mlops-churn--dev--mo/TestResult/a1b2c3d`;

/** Rows of the deployment pipeline: CodePipeline, the rule of approvals, and the test. */
export const deployRows: readonly Row[] = [
  ...ofRole("deploy", [
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
      [use("s3:PutObject", `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`)],
      "another bucket, a bucket of another account, deleting objects",
      [
        use("s3:PutObject", `${otherBucket}/a`),
        use("s3:PutObject", `${bucket}/a`, ofOthers),
        use("s3:DeleteObject", `${bucket}/a`),
      ],
    ],
    [
      "ArtifactKey",
      "uses the KMS key through Amazon S3",
      [use("kms:GenerateDataKey", key, throughS3)],
      "another KMS key",
      [use("kms:GenerateDataKey", otherKey, throughS3)],
    ],
    [
      "ArtifactKeyDescribe",
      "describes the KMS key",
      [use("kms:DescribeKey", key)],
      "another KMS key, disabling the KMS key",
      [use("kms:DescribeKey", otherKey), use("kms:DisableKey", key)],
    ],
    [
      "SourceCodeCommit",
      "uploads source archives of the deployment repository",
      each(
        [
          "codecommit:GetBranch",
          "codecommit:GetCommit",
          "codecommit:UploadArchive",
          "codecommit:GetUploadArchiveStatus",
        ],
        repository,
      ),
      "the model build repository, pushing commits",
      [
        use("codecommit:UploadArchive", repository.replace("modeldeploy", "modelbuild")),
        use("codecommit:GitPush", repository),
      ],
    ],
    ...["codeconnections", "codestar-connections"].map((service): OfStatement => [
      service === "codeconnections" ? "SourceConnection" : "SourceConnectionLegacy",
      `reads the deployment repository through ${service}`,
      [useConnection(service, "acme/churn-deploy")],
      "the model build repository",
      [useConnection(service, "acme/churn-model")],
    ]),
    [
      "BuildActions",
      "starts and describes deployment builds",
      ["deploy-queue", "deploy-staging", "test-staging", "deploy-prod"].flatMap((build) =>
        each(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], project(build)),
      ),
      "the model build, updating CodeBuild projects",
      [
        use("codebuild:StartBuild", project("modelbuild")),
        use("codebuild:UpdateProject", project("deploy-prod")),
      ],
    ],
  ]),
  ...ofRole("approval-rule", [
    [
      "StartPipeline",
      "starts the deployment pipeline",
      [use("codepipeline:StartPipelineExecution", pipeline)],
      "starting the model build pipeline, approving deployments",
      [
        use("codepipeline:StartPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
        use("codepipeline:PutApprovalResult", `${pipeline}/DeployStaging/ApproveDeployment`),
      ],
    ],
  ]),
  ...ofRole("test-staging", [
    ...anyBuild("test-staging"),
    [
      "ArtifactObjects",
      "writes test results",
      [use("s3:PutObject", results)],
      "model archives",
      [
        use(
          "s3:PutObject",
          `${bucket}/mlops-churn--dev--training/executions/a1b2c3/Train/model.tar.gz`,
        ),
      ],
    ],
    [
      "SampleRequestsRead",
      "reads sample requests",
      [
        use(
          "s3:GetObject",
          `${bucket}/mlops-churn--dev--training/executions/a1b2c3/Evaluate/sample/request.csv`,
        ),
      ],
      "deployed models, another project's sample requests",
      [
        use("s3:GetObject", deployedModel),
        use(
          "s3:GetObject",
          `${otherBucket}/mlops-churn--prod--training/executions/a1b2c3/Evaluate/sample/request.csv`,
        ),
      ],
    ],
    describeVersionsRow("ModelVersionsRead"),
    lifeCycleRow("Archived", "Staging"),
    [
      "EndpointConfigsList",
      "lists endpoint configurations",
      [use("sagemaker:ListEndpointConfigs", "*")],
      "listing endpoints, deleting an endpoint configuration",
      [
        use("sagemaker:ListEndpoints", "*"),
        use(
          "sagemaker:DeleteEndpointConfig",
          `${sagemaker}:endpoint-config/mlops-churn--dev--staging-7-0a1b2c3d`,
        ),
      ],
    ],
    [
      "Invoke",
      "describes and invokes the staging endpoint",
      each(
        ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"],
        `${sagemaker}:endpoint/mlops-churn--dev--staging`,
      ),
      "invoking the production endpoint, deleting the staging endpoint",
      [
        use("sagemaker:InvokeEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--prod`),
        use("sagemaker:DeleteEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--staging`),
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

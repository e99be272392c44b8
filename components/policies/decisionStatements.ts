import type { Names } from "../names/names";
import { allowStatement, sameAccountCondition, type Statement } from "./statements";

/**
 * Statements for the decision of staging, which applies to both stages: the production version, the
 * pipeline executions, the approved version, and its archive, training job and image.
 */
export function decisionStatements(names: Names): Statement[] {
  const { accountId, partition, region } = names;
  const { prod } = names.deploy;
  return [
    pipelineExecutionsStatement(names, ["codepipeline:ListPipelineExecutions"]),
    // The build copies the only version of the archive, unless a copy exists.
    allowStatement("ObjectVersionsList", names.artifactBucketArn, ["s3:ListBucketVersions"], {
      StringEquals: { "aws:ResourceAccount": accountId },
      StringLike: {
        "s3:prefix": [`${names.deploy.deployedModels}/*`, `${names.trainingResults}/*`],
      },
    }),
    allowStatement(
      "TrainingResultsRead",
      names.trainingResultsArn,
      ["s3:GetObject", "s3:GetObjectVersion"],
      sameAccountCondition(names),
    ),
    // The version that was decided, its training job, and the version that production serves.
    // S3 dates a multipart upload by its start. So the build accepts such an archive only as the
    // output of a completed training job.
    allowStatement(
      "ModelVersionsRead",
      [
        names.modelPackageArns,
        prod.endpointArn,
        prod.endpointConfigArns,
        `arn:${partition}:sagemaker:${region}:${accountId}:training-job/pipelines-*`,
      ],
      [
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeModelPackage",
        "sagemaker:DescribeTrainingJob",
        "sagemaker:ListTags",
      ],
    ),
    // The manifest of an image has its digest, but no layers. Every repository, because the names of
    // all model images would exceed the size of a role policy.
    allowStatement("ImageDigest", `arn:${partition}:ecr:${region}:*:repository/*`, [
      "ecr:BatchGetImage",
    ]),
  ];
}

/**
 * Statement for pipeline executions: read the variable and the state of the own execution, and stop
 * it if there is nothing to deploy.
 */
export function pipelineExecutionsStatement({ deploy }: Names, further: string[] = []): Statement {
  return allowStatement("PipelineExecutions", deploy.pipelineArn, [
    "codepipeline:GetPipelineExecution",
    "codepipeline:StopPipelineExecution",
    ...further,
  ]);
}

import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { allowStatement, sameAccountCondition, type Statement } from "./statements";

/**
 * Statements for the decision of staging, which applies to both stages: the production version, the
 * pipeline executions, the approved version, and its archive, training job and image.
 */
export function decisionStatements(names: Names, imageRepositoryArns: StringInput[]): Statement[] {
  const { accountId, partition, region } = names;
  const { prod } = names.deploy;
  return [
    allowStatement(
      "ProductionRead",
      [prod.endpointArn, prod.endpointConfigArns],
      ["sagemaker:DescribeEndpoint", "sagemaker:ListTags"],
    ),
    pipelineExecutionsStatement(names, ["codepipeline:ListPipelineExecutions"]),
    allowStatement(
      "TrainingResultsRead",
      names.trainingResultsArn,
      ["s3:GetObject", "s3:GetObjectVersion"],
      sameAccountCondition(names),
    ),
    // S3 dates a multipart upload by its start. So the build accepts such an archive only as the
    // output of a training job, which tells when the job ended.
    allowStatement(
      "ModelVersionsRead",
      [
        names.modelPackageArns,
        `arn:${partition}:sagemaker:${region}:${accountId}:training-job/pipelines-*`,
      ],
      ["sagemaker:DescribeModelPackage", "sagemaker:DescribeTrainingJob"],
    ),
    // Images of AWS and of other accounts; their repository policies decide.
    allowStatement(
      "ImageDigestOtherAccounts",
      `arn:${partition}:ecr:${region}:*:repository/*`,
      ["ecr:BatchGetImage"],
      { StringNotEquals: { "aws:ResourceAccount": accountId } },
    ),
    ...(imageRepositoryArns.length === 0
      ? []
      : [allowStatement("ImageDigest", imageRepositoryArns, ["ecr:BatchGetImage"])]),
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

import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import {
  allowStatement,
  type Document,
  policyDocument,
  sameAccountCondition,
  type Statement,
  viaS3Condition,
} from "./statements";

/**
 * IAM policy for approvers: read, approve and reject model versions pending approval.
 * The component attaches it to no role: the account's owner manages users.
 */
export function approverPolicy(
  names: Names,
  keyArn: StringInput,
  hasDeployment: boolean,
): Document {
  const { artifactBucketArn, modelPackageArns, sagemakerPipeline, sagemakerPipelineArn } = names;

  return policyDocument([
    // Not IfExists: an update without an approval status edits the version itself.
    allowStatement("ApproveOrReject", modelPackageArns, ["sagemaker:UpdateModelPackage"], {
      StringEquals: { "sagemaker:ModelApprovalStatus": ["Approved", "Rejected"] },
    }),
    allowStatement("ModelVersionsRead", modelPackageArns, [
      "sagemaker:ListModelPackages",
      "sagemaker:DescribeModelPackage",
    ]),
    allowStatement("ModelPackageGroupRead", names.modelPackageGroupArn, [
      "sagemaker:DescribeModelPackageGroup",
    ]),
    // The console lists all groups. IAM cannot restrict that action to a resource.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    allowStatement("ModelPackageGroupList", "*", ["sagemaker:ListModelPackageGroups"]),
    allowStatement("SageMakerPipelineRead", sagemakerPipelineArn, [
      "sagemaker:DescribePipeline",
      "sagemaker:ListPipelineExecutions",
    ]),
    allowStatement("PipelineExecutionsRead", `${sagemakerPipelineArn}/execution/*`, [
      "sagemaker:DescribePipelineExecution",
      "sagemaker:DescribePipelineDefinitionForExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:ListPipelineParametersForExecution",
    ]),
    // The evaluation report and the sample requests of the starter. Not the training data, and not
    // the model: loading a model runs its code.
    allowStatement(
      "EvaluationReportsRead",
      `${artifactBucketArn}/${sagemakerPipeline}/executions/*/Evaluate/*`,
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
    allowStatement("EvaluationReportsKey", keyArn, ["kms:Decrypt"], viaS3Condition(names)),
    ...(hasDeployment ? approveDeploymentStatements(names) : []),
  ]);
}

/** Statements for approvers of deployments: manual approval, pipeline executions, test results. */
function approveDeploymentStatements(names: Names): Statement[] {
  const { approvalActionArn, artifactArns, pipelineArn } = names.deploy;
  return [
    allowStatement("ApproveDeployment", approvalActionArn, ["codepipeline:PutApprovalResult"]),
    allowStatement("DeploymentsRead", pipelineArn, [
      "codepipeline:GetPipeline",
      "codepipeline:GetPipelineExecution",
      "codepipeline:GetPipelineState",
      "codepipeline:ListActionExecutions",
      "codepipeline:ListPipelineExecutions",
    ]),
    allowStatement(
      "TestResultsRead",
      artifactArns.results,
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
  ];
}

import type { Given } from "../checks/rules";
import type { Names } from "../names";
import { allow, type Document, document, inAccount, type Statement, viaS3 } from "./grammar";

/**
 * What a person needs to look at a waiting model version and to approve or reject it, and nothing more. The program
 * attaches it to nobody: people are not ours to make.
 */
export function approveModels(names: Names, keyArn: Given, hasDeployment: boolean): Document {
  const { artifactBucketArn, modelPackageArns, sagemakerPipeline, sagemakerPipelineArn } = names;

  return document([
    // Not IfExists: an update that says nothing of approval edits the version itself.
    allow("ApproveOrReject", modelPackageArns, ["sagemaker:UpdateModelPackage"], {
      StringEquals: { "sagemaker:ModelApprovalStatus": ["Approved", "Rejected"] },
    }),
    allow("VersionsRead", modelPackageArns, [
      "sagemaker:ListModelPackages",
      "sagemaker:DescribeModelPackage",
    ]),
    allow("GroupRead", names.modelPackageGroupArn, ["sagemaker:DescribeModelPackageGroup"]),
    // The console finds a group in the list of all groups, which IAM cannot limit.
    allow("GroupList", "*", ["sagemaker:ListModelPackageGroups"]),
    allow("PipelineRead", sagemakerPipelineArn, [
      "sagemaker:DescribePipeline",
      "sagemaker:ListPipelineExecutions",
    ]),
    allow("ExecutionsRead", `${sagemakerPipelineArn}/execution/*`, [
      "sagemaker:DescribePipelineExecution",
      "sagemaker:DescribePipelineDefinitionForExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:ListPipelineParametersForExecution",
    ]),
    // Where the starter writes the report and its sample requests. Not the training data, and not the model: to load
    // one is to run it.
    allow(
      "ReportsRead",
      `${artifactBucketArn}/${sagemakerPipeline}/executions/*/Evaluate/*`,
      ["s3:GetObject"],
      inAccount(names),
    ),
    allow("ReportsKey", keyArn, ["kms:Decrypt"], viaS3(names)),
    ...(hasDeployment ? approveDeployments(names) : []),
  ]);
}

/** And to let a tested version into production: the one approval, how the runs stand, and what the test found. */
function approveDeployments(names: Names): Statement[] {
  const { approvalActionArn, artifactArns, pipelineArn } = names.deploy;
  return [
    allow("ApproveDeployment", approvalActionArn, ["codepipeline:PutApprovalResult"]),
    allow("DeploymentsRead", pipelineArn, [
      "codepipeline:GetPipeline",
      "codepipeline:GetPipelineExecution",
      "codepipeline:GetPipelineState",
      "codepipeline:ListActionExecutions",
      "codepipeline:ListPipelineExecutions",
    ]),
    allow("TestResultsRead", artifactArns.results, ["s3:GetObject"], inAccount(names)),
  ];
}

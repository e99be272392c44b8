import type { Given } from "../checks/rules";
import type { Names } from "../names";
import { allow, type Document, document, inAccount, viaS3 } from "./grammar";

/**
 * What a person needs to look at a waiting model version and to approve or reject it, and nothing more. The program
 * attaches it to nobody: people are not ours to make.
 */
export function approveModels(names: Names, keyArn: Given): Document {
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
  ]);
}

import { bucket, key } from "../support/court";
import { otherKey, outsider, sagemaker } from "./account";
import { type Call, each, type Row, use } from "./row";

const approver = outsider("approver");
const version = `${sagemaker}:model-package/churn-dev/7`;
const group = `${sagemaker}:model-package-group/churn-dev`;
const pipeline = `${sagemaker}:pipeline/churn-dev`;
const execution = `${pipeline}/execution/a1b2c3`;
const written = `${bucket}/churn-dev/executions/a1b2c3`;
const deployments = "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modeldeploy";
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };

function set(status: string, of = version) {
  return use("sagemaker:UpdateModelPackage", of, { "sagemaker:ModelApprovalStatus": status });
}

function ofOthers(arn: string): string {
  return arn.replace("churn-dev", "churn-prod");
}

/** The sentences about the person who approves. */
export const peopleRows: readonly Row[] = (
  [
    [
      "ApproveOrReject",
      "approves and rejects versions of the group",
      [set("Approved"), set("Rejected")],
      "another group's, nor set one back to pending, edit, register or delete one",
      [
        set("Approved", ofOthers(version)),
        set("PendingManualApproval"),
        use("sagemaker:UpdateModelPackage", version),
        use("sagemaker:CreateModelPackage", version),
        use("sagemaker:DeleteModelPackage", version),
      ],
    ],
    [
      "VersionsRead",
      "reads the group's versions",
      each(["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"], version),
      "another group's",
      each(["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"], ofOthers(version)),
    ],
    [
      "GroupRead",
      "reads the group",
      [use("sagemaker:DescribeModelPackageGroup", group)],
      "another group, nor delete this one or share it with another account",
      [
        use("sagemaker:DescribeModelPackageGroup", ofOthers(group)),
        use("sagemaker:DeleteModelPackageGroup", group),
        use("sagemaker:PutModelPackageGroupPolicy", group),
      ],
    ],
    [
      "GroupList",
      "finds the group in the list of all groups",
      [use("sagemaker:ListModelPackageGroups", "*")],
      "in that of all endpoints",
      [use("sagemaker:ListEndpoints", "*")],
    ],
    [
      "PipelineRead",
      "reads the SageMaker pipeline and its executions",
      each(["sagemaker:DescribePipeline", "sagemaker:ListPipelineExecutions"], pipeline),
      "another project's, nor start or change this one",
      [
        use("sagemaker:DescribePipeline", ofOthers(pipeline)),
        use("sagemaker:StartPipelineExecution", pipeline),
        use("sagemaker:UpdatePipeline", pipeline),
      ],
    ],
    [
      "ExecutionsRead",
      "reads what an execution did, by which definition and parameters",
      each(
        [
          "sagemaker:DescribePipelineExecution",
          "sagemaker:DescribePipelineDefinitionForExecution",
          "sagemaker:ListPipelineExecutionSteps",
          "sagemaker:ListPipelineParametersForExecution",
        ],
        execution,
      ),
      "another project's, nor stop or repeat one",
      [
        use("sagemaker:DescribePipelineExecution", ofOthers(execution)),
        use("sagemaker:StopPipelineExecution", execution),
        use("sagemaker:RetryPipelineExecution", execution),
      ],
    ],
    [
      "ReportsRead",
      "reads an evaluation's report",
      [use("s3:GetObject", `${written}/Evaluate/report/evaluation.json`)],
      "the model, the training data or the source, nor another project's report, nor write one",
      [
        use("s3:GetObject", `${written}/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`),
        use("s3:GetObject", `${written}/Preprocess/train/train.csv`),
        use("s3:GetObject", `${bucket}/sagemaker-churn-dev-/SourceCode/x`),
        use("s3:GetObject", ofOthers(`${written}/Evaluate/report/evaluation.json`)),
        use("s3:PutObject", `${written}/Evaluate/report/evaluation.json`),
      ],
    ],
    [
      "ReportsKey",
      "decrypts it through S3",
      [use("kms:Decrypt", key, throughS3)],
      "under another key",
      [use("kms:Decrypt", otherKey, throughS3)],
    ],
    [
      "ApproveDeployment",
      "lets a tested version into production, or does not",
      [use("codepipeline:PutApprovalResult", `${deployments}/DeployStaging/ApproveDeployment`)],
      "another project's or another approval, nor start, repeat, stop or change a deployment",
      [
        use("codepipeline:PutApprovalResult", `${deployments}/DeployProd/AnotherApproval`),
        use(
          "codepipeline:PutApprovalResult",
          `${ofOthers(deployments)}/DeployStaging/ApproveDeployment`,
        ),
        use("codepipeline:StartPipelineExecution", deployments),
        use("codepipeline:RetryStageExecution", `${deployments}/DeployProd`),
        use("codepipeline:StopPipelineExecution", deployments),
        use("codepipeline:UpdatePipeline", deployments),
      ],
    ],
    [
      "DeploymentsRead",
      "looks how deployments stand",
      each(
        [
          "codepipeline:GetPipeline",
          "codepipeline:GetPipelineExecution",
          "codepipeline:GetPipelineState",
          "codepipeline:ListActionExecutions",
          "codepipeline:ListPipelineExecutions",
        ],
        deployments,
      ),
      "another project's, nor the builds of this one",
      [
        use("codepipeline:GetPipelineState", ofOthers(deployments)),
        use("codepipeline:GetPipelineState", deployments.replace("modeldeploy", "modelbuild")),
      ],
    ],
    [
      "TestResultsRead",
      "reads what the test found",
      [
        use("s3:GetObject", `${bucket}/sagemaker-churn-dev-/TestResult/a1b2c3d`),
        use("s3:GetObject", `${bucket}/sagemaker-churn-dev-modeldeploy/TestResults/a1b2c3d.zip`),
      ],
      "the source, or what staging hands on, nor write what the test found",
      [
        use("s3:GetObject", `${bucket}/sagemaker-churn-dev-/SourceCode/a1b2c3d`),
        use("s3:GetObject", `${bucket}/sagemaker-churn-dev-/Deployment/a1b2c3d`),
        use("s3:PutObject", `${bucket}/sagemaker-churn-dev-/TestResult/a1b2c3d`),
      ],
    ],
  ] as const
).map(([Sid, may, uses, mayNot, neighbours]) => {
  const by = (these: readonly Call[1][]) => these.map((one): Call => [approver, one]);
  return {
    statement: `approver ${Sid}`,
    may: `an approver ${may}`,
    calls: by(uses),
    mayNot,
    neighbours: by(neighbours),
  };
});

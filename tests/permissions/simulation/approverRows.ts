import { bucket, key } from "../../support/policySet";
import { otherKey, outsider, sagemaker } from "./account";
import { type Call, each, type Row, use } from "./row";

const approver = outsider("approver");
const version = `${sagemaker}:model-package/mlops-churn--dev--models/7`;
const group = `${sagemaker}:model-package-group/mlops-churn--dev--models`;
const pipeline = `${sagemaker}:pipeline/mlops-churn--dev--training`;
const execution = `${pipeline}/execution/a1b2c3`;
const written = `${bucket}/mlops-churn--dev--training/executions/a1b2c3`;
const deployments = "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy";
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };

function set(status: string, of = version) {
  return use("sagemaker:UpdateModelPackage", of, { "sagemaker:ModelApprovalStatus": status });
}

function ofOthers(arn: string): string {
  return arn.replace("churn--dev", "churn--prod");
}

/** Rows of the approver policy. */
export const approverRows: readonly Row[] = (
  [
    [
      "ApproveOrReject",
      "approves and rejects model versions",
      [set("Approved"), set("Rejected")],
      "another group's versions; setting versions to pending; updating, registering, deleting versions",
      [
        set("Approved", ofOthers(version)),
        set("PendingManualApproval"),
        use("sagemaker:UpdateModelPackage", version),
        use("sagemaker:CreateModelPackage", version),
        use("sagemaker:DeleteModelPackage", version),
      ],
    ],
    [
      "ModelVersionsRead",
      "lists and describes model versions",
      each(["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"], version),
      "another group's versions",
      each(["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"], ofOthers(version)),
    ],
    [
      "ModelPackageGroupRead",
      "describes the model package group",
      [use("sagemaker:DescribeModelPackageGroup", group)],
      "another group, deleting the group, changing its resource policy",
      [
        use("sagemaker:DescribeModelPackageGroup", ofOthers(group)),
        use("sagemaker:DeleteModelPackageGroup", group),
        use("sagemaker:PutModelPackageGroupPolicy", group),
      ],
    ],
    [
      "ModelPackageGroupList",
      "lists model package groups",
      [use("sagemaker:ListModelPackageGroups", "*")],
      "listing endpoints",
      [use("sagemaker:ListEndpoints", "*")],
    ],
    [
      "SageMakerPipelineRead",
      "describes the SageMaker pipeline and lists its executions",
      each(["sagemaker:DescribePipeline", "sagemaker:ListPipelineExecutions"], pipeline),
      "another project's pipeline, starting or updating the pipeline",
      [
        use("sagemaker:DescribePipeline", ofOthers(pipeline)),
        use("sagemaker:StartPipelineExecution", pipeline),
        use("sagemaker:UpdatePipeline", pipeline),
      ],
    ],
    [
      "PipelineExecutionsRead",
      "reads steps, definition and parameters of pipeline executions",
      each(
        [
          "sagemaker:DescribePipelineExecution",
          "sagemaker:DescribePipelineDefinitionForExecution",
          "sagemaker:ListPipelineExecutionSteps",
          "sagemaker:ListPipelineParametersForExecution",
        ],
        execution,
      ),
      "another project's executions, stopping or retrying executions",
      [
        use("sagemaker:DescribePipelineExecution", ofOthers(execution)),
        use("sagemaker:StopPipelineExecution", execution),
        use("sagemaker:RetryPipelineExecution", execution),
      ],
    ],
    [
      "EvaluationReportsRead",
      "reads evaluation reports",
      [use("s3:GetObject", `${written}/Evaluate/report/evaluation.json`)],
      "model archives, training data, source, another project's reports, writing reports",
      [
        use("s3:GetObject", `${written}/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`),
        use("s3:GetObject", `${written}/Preprocess/train/train.csv`),
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/SourceCode/x`),
        use("s3:GetObject", ofOthers(`${written}/Evaluate/report/evaluation.json`)),
        use("s3:PutObject", `${written}/Evaluate/report/evaluation.json`),
      ],
    ],
    [
      "EvaluationReportsKey",
      "decrypts evaluation reports through Amazon S3",
      [use("kms:Decrypt", key, throughS3)],
      "another KMS key",
      [use("kms:Decrypt", otherKey, throughS3)],
    ],
    [
      "ApproveDeployment",
      "approves and rejects deployments",
      [use("codepipeline:PutApprovalResult", `${deployments}/DeployStaging/ApproveDeployment`)],
      "another project's approval, another approval action; starting, retrying, stopping, updating",
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
      "reads the state of the deployment pipeline",
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
      "another project's pipeline, the model build pipeline",
      [
        use("codepipeline:GetPipelineState", ofOthers(deployments)),
        use("codepipeline:GetPipelineState", deployments.replace("modeldeploy", "modelbuild")),
      ],
    ],
    [
      "TestResultsRead",
      "reads test results",
      [
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/TestResult/a1b2c3d`),
        use("s3:GetObject", `${bucket}/mlops-churn--dev--modeldeploy/TestResults/a1b2c3d.zip`),
      ],
      "source artifacts, Deployment artifacts, writing test results",
      [
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`),
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/Deployment/a1b2c3d`),
        use("s3:PutObject", `${bucket}/mlops-churn--dev--mo/TestResult/a1b2c3d`),
      ],
    ],
  ] as const
).map(([Sid, allows, uses, denies, neighbours]) => {
  const by = (these: readonly Call[1][]) => these.map((one): Call => [approver, one]);
  return {
    statement: `approver ${Sid}`,
    allows,
    calls: by(uses),
    denies,
    neighbours: by(neighbours),
  };
});

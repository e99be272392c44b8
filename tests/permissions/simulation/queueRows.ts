import { bucket, key, queue } from "../../support/policySet";
import { otherKey, sagemaker } from "./account";
import { anyBuild } from "./buildRows";
import { connectsBuild } from "./networkRows";
import { each, ofRole, type Row, use } from "./row";
import { renewScheduleRows, stagingEndpointRow } from "./scheduleRows";
import { describeVersionsRow, lifeCycleRow, publishRows } from "./sharedRows";

const pipeline = "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy";
const endpoint = (stage: string) => `${sagemaker}:endpoint/mlops-churn--dev--${stage}`;
const through = (service: string) => ({ "kms:ViaService": `${service}.us-east-1.amazonaws.com` });
const encryption = ["kms:Decrypt", "kms:GenerateDataKey"];

/** Rows of the build that reports waiting deployments, and of the schedule that expires staging. */
export const queueRows: readonly Row[] = [
  ...ofRole("deploy-queue", [
    ...anyBuild("deploy-queue"),
    [
      "ArtifactObjects",
      "reads the source artifact, also by version id",
      [use("s3:GetObjectVersion", `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`)],
      "the Deployment artifact, test results",
      [
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/Deployment/a1b2c3d`),
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/TestResult/a1b2c3d`),
      ],
    ],
    [
      "PipelineExecutions",
      "reads the state of the pipeline, lists, describes and stops executions",
      each(
        [
          "codepipeline:GetPipelineExecution",
          "codepipeline:GetPipelineState",
          "codepipeline:ListPipelineExecutions",
          "codepipeline:StopPipelineExecution",
        ],
        pipeline,
      ),
      "the model build pipeline, starting executions, retrying stages, approving deployments",
      [
        use("codepipeline:StopPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
        use("codepipeline:StartPipelineExecution", pipeline),
        use("codepipeline:RetryStageExecution", `${pipeline}/DeployStaging`),
        use("codepipeline:PutApprovalResult", `${pipeline}/DeployStaging/ApproveDeployment`),
      ],
    ],
    describeVersionsRow("ModelVersionsRead"),
    lifeCycleRow("Archived", "Production", "Staging"),
    ...publishRows,
    ...renewScheduleRows,
    stagingEndpointRow,
    ...connectsBuild,
  ]),
  ...ofRole("expire-staging", [
    [
      "StagingDelete",
      "deletes the staging endpoint",
      [use("sagemaker:DeleteEndpoint", endpoint("staging"))],
      "the production endpoint, updating the staging endpoint, deleting models",
      [
        use("sagemaker:DeleteEndpoint", endpoint("prod")),
        use("sagemaker:UpdateEndpoint", endpoint("staging")),
        use("sagemaker:DeleteModel", `${sagemaker}:model/mlops-churn--dev--staging-7-0a1b2c3d`),
      ],
    ],
    [
      "UndeliveredEvents",
      "sends undelivered events to the DLQ",
      [use("sqs:SendMessage", queue)],
      "another queue, receiving undelivered events",
      [use("sqs:SendMessage", `${queue}-2`), use("sqs:ReceiveMessage", queue)],
    ],
    [
      "UndeliveredEventsKey",
      "uses the KMS key through Amazon SQS",
      each(encryption, key, through("sqs")),
      "another KMS key",
      each(encryption, otherKey, through("sqs")),
    ],
  ]),
];

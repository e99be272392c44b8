import { bucket, key } from "../../support/policySet";
import { deployedModel, images, otherKey } from "./account";
import { canaryAlarmRow, sendMetric } from "./canaryRows";
import { connectsJob } from "./networkRows";
import { each, ofRole, type OfStatement, onLogGroup, type Row, use } from "./row";

const written = `${bucket}/mlops-churn--dev--training/executions/a1b2c3`;
const archive = `${written}/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`;
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };

function serving(stage: string, other: string): OfStatement[] {
  const captured = (of: string) =>
    `${bucket}/mlops-churn--dev--models/captured/mlops-churn--dev--${of}/AllTraffic/2026/11/25/1.jsonl`;
  const log = (of: string) =>
    `arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/mlops-churn--dev--${of}`;
  return [
    [
      "DeployedModelsRead",
      "reads deployed models",
      [use("s3:GetObject", deployedModel)],
      "archives of training, other objects, source artifacts, captured requests, another project's models",
      [
        use("s3:GetObject", archive),
        use("s3:GetObject", `${bucket}/data.csv`),
        use("s3:GetObject", `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`),
        use("s3:GetObject", captured(stage)),
        use("s3:GetObject", deployedModel.replaceAll("churn--dev", "churn--prod")),
      ],
    ],
    [
      "DataCaptureWrite",
      "writes captured requests",
      [use("s3:PutObject", captured(stage))],
      "captured requests of the other stage, model archives",
      [use("s3:PutObject", captured(other)), use("s3:PutObject", archive)],
    ],
    [
      "DataKey",
      "uses the KMS key through Amazon S3",
      each(["kms:Decrypt", "kms:GenerateDataKey"], key, throughS3),
      "another KMS key",
      each(["kms:Decrypt", "kms:GenerateDataKey"], otherKey, throughS3),
    ],
    [
      "EcrLogin",
      "gets an ECR authorization token",
      [use("ecr:GetAuthorizationToken", "*")],
      "creating a repository",
      [use("ecr:CreateRepository", images)],
    ],
    [
      "EcrPull",
      "pulls the configured images",
      each(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        images,
      ),
      "pulling another repository, pushing images",
      [use("ecr:BatchGetImage", images.replace("xgboost", "payroll")), use("ecr:PutImage", images)],
    ],
    [
      "EndpointLogGroup",
      "creates the endpoint log group and lists its streams",
      onLogGroup(log(stage)),
      "resources of the other stage",
      onLogGroup(log(other)),
    ],
    [
      "EndpointLogStreams",
      "writes endpoint log streams",
      each(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `${log(stage)}:log-stream:AllTraffic/i-0a1b`,
      ),
      "log streams of the other stage, deleting log streams",
      [
        use("logs:PutLogEvents", `${log(other)}:log-stream:AllTraffic/i-0a1b`),
        use("logs:DeleteLogStream", `${log(stage)}:log-stream:AllTraffic/i-0a1b`),
      ],
    ],
    [
      "EndpointMetrics",
      "writes metrics to SageMaker namespaces",
      [sendMetric("/aws/sagemaker/Endpoints")],
      "other namespaces",
      [sendMetric("AWS/Billing")],
    ],
    canaryAlarmRow(stage, other),
    connectsJob,
  ];
}

/** Rows of what SageMaker does with the roles of models that serve. */
export const servingRows: readonly Row[] = [
  ...ofRole("serve-staging", serving("staging", "prod")),
  ...ofRole("serve-prod", serving("prod", "staging")),
];

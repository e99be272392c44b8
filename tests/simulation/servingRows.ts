import { bucket, key } from "../support/court";
import { images, otherKey } from "./account";
import { connectsJob } from "./networkRows";
import { each, ofRole, type OfStatement, type Row, use } from "./row";

const written = `${bucket}/churn-dev/executions/a1b2c3`;
const archive = `${written}/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`;
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };

function serving(stage: string, other: string): OfStatement[] {
  const captured = (of: string) =>
    `${bucket}/churn-dev/captured/churn-dev-${of}/AllTraffic/2026/11/25/1.jsonl`;
  const log = (of: string) =>
    `arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/churn-dev-${of}`;
  const alarm = (of: string) =>
    `arn:aws:cloudwatch:us-east-1:123456789012:alarm:churn-dev-${of}-errors`;
  return [
    [
      "ArchivesRead",
      "loads what training made",
      [use("s3:GetObject", archive)],
      "other data of the bucket, the source, or what endpoints were asked, nor another project's model",
      [
        use("s3:GetObject", `${bucket}/data.csv`),
        use("s3:GetObject", `${bucket}/sagemaker-churn-dev-/SourceCode/a1b2c3d`),
        use("s3:GetObject", captured(stage)),
        use("s3:GetObject", archive.replaceAll("churn-dev", "churn-prod")),
      ],
    ],
    [
      "CaptureWrite",
      "keeps what its endpoint was asked",
      [use("s3:PutObject", captured(stage))],
      "among the other stage's, nor over a model",
      [use("s3:PutObject", captured(other)), use("s3:PutObject", archive)],
    ],
    [
      "DataKey",
      "uses the key through S3",
      each(["kms:Decrypt", "kms:GenerateDataKey"], key, throughS3),
      "another key",
      each(["kms:Decrypt", "kms:GenerateDataKey"], otherKey, throughS3),
    ],
    [
      "EcrLogin",
      "logs in to ECR",
      [use("ecr:GetAuthorizationToken", "*")],
      "make a repository there",
      [use("ecr:CreateRepository", images)],
    ],
    [
      "EcrPull",
      "pulls the images that it is given",
      each(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        images,
      ),
      "another one, nor push any",
      [use("ecr:BatchGetImage", images.replace("xgboost", "payroll")), use("ecr:PutImage", images)],
    ],
    [
      "EndpointLogGroup",
      "makes and reads the list of its endpoint's logs",
      each(["logs:CreateLogGroup", "logs:DescribeLogStreams"], log(stage)),
      "the other stage's",
      each(["logs:CreateLogGroup", "logs:DescribeLogStreams"], log(other)),
    ],
    [
      "EndpointLogStreams",
      "writes its endpoint's log",
      each(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `${log(stage)}:log-stream:AllTraffic/i-0a1b`,
      ),
      "the other stage's, nor delete it",
      [
        use("logs:PutLogEvents", `${log(other)}:log-stream:AllTraffic/i-0a1b`),
        use("logs:DeleteLogStream", `${log(stage)}:log-stream:AllTraffic/i-0a1b`),
      ],
    ],
    [
      "EndpointMetrics",
      "writes metrics under SageMaker's names",
      [metric("/aws/sagemaker/Endpoints")],
      "under others",
      [metric("AWS/Billing")],
    ],
    [
      "AlarmsRead",
      "looks at the alarms of its endpoint",
      [use("cloudwatch:DescribeAlarms", alarm(stage))],
      "at the other stage's, nor change its own",
      [
        use("cloudwatch:DescribeAlarms", alarm(other)),
        use("cloudwatch:PutMetricAlarm", alarm(stage)),
      ],
    ],
    connectsJob,
  ];
}

/** The sentences about what SageMaker does with the roles of models that serve. */
export const servingRows: readonly Row[] = [
  ...ofRole("serve-staging", serving("staging", "prod")),
  ...ofRole("serve-prod", serving("prod", "staging")),
];

function metric(namespace: string) {
  return use(
    "cloudwatch:PutMetricData",
    "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default",
    { "cloudwatch:namespace": namespace },
  );
}

import { each, type OfStatement, use } from "./row";

const alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:mlops-churn--dev--";

/** PutMetricData to a namespace. */
export function sendMetric(namespace: string) {
  return use(
    "cloudwatch:PutMetricData",
    "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default",
    { "cloudwatch:namespace": namespace },
  );
}

/** Row of a role that reads the alarm of a canary. */
export function canaryAlarmRow(stage: string, other: string): OfStatement {
  return [
    "CanaryAlarmRead",
    "describes the alarm of its canary",
    [use("cloudwatch:DescribeAlarms", `${alarm}${stage}-canary-verdict`)],
    "alarms in daily use, the alarm of the other stage, changing the alarm",
    [
      use("cloudwatch:DescribeAlarms", `${alarm}${stage}-errors`),
      use("cloudwatch:DescribeAlarms", `${alarm}${other}-canary-verdict`),
      ...each(
        ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:SetAlarmState"],
        `${alarm}${stage}-canary-verdict`,
      ),
    ],
  ];
}

/** Rows of the build that judges a canary. */
export function canaryRows(stage: string, other: string): OfStatement[] {
  return [
    [
      "DeploymentMetrics",
      "sends the verdict of its canary",
      [sendMetric(`ModelDeploy/mlops-churn--dev--${stage}`)],
      "metrics of the other stage, of another project, of SageMaker",
      [
        sendMetric(`ModelDeploy/mlops-churn--dev--${other}`),
        sendMetric(`ModelDeploy/mlops-churn--prod--${stage}`),
        sendMetric("ModelDeploy"),
        sendMetric("AWS/SageMaker"),
      ],
    ],
    canaryAlarmRow(stage, other),
  ];
}

import type { DeployStageNames } from "../names/deployNames";
import { allowStatement, type Statement } from "./statements";

/**
 * Statements for the metrics of a deployment: send the verdict of a canary and the deployed version,
 * and read the alarm of the verdict.
 */
export function canaryStatements(
  { metricNamespace, verdictAlarmArn }: DeployStageNames,
  hasCanary: boolean,
): Statement[] {
  return [
    // PutMetricData has no resource type for custom metrics: only the namespace can restrict it.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    allowStatement("DeploymentMetrics", "*", ["cloudwatch:PutMetricData"], {
      StringEquals: { "cloudwatch:namespace": metricNamespace },
    }),
    ...(hasCanary
      ? [allowStatement("CanaryAlarmRead", verdictAlarmArn, ["cloudwatch:DescribeAlarms"])]
      : []),
  ];
}

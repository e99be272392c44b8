import type { DeployStageNames, StagingKind } from "../names/deployNames";
import { allowStatement, type Statement } from "./statements";

/**
 * Statements for the metrics of a deployment: send the verdict of a canary and the deployed version;
 * with instances, read the alarm of the verdict and the metrics of the new fleet.
 */
export function canaryStatements(
  { endpointArn, metricNamespace, verdictAlarmArn }: DeployStageNames,
  kind: StagingKind,
): Statement[] {
  return [
    // PutMetricData has no resource type for custom metrics: only the namespace can restrict it.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    allowStatement("DeploymentMetrics", "*", ["cloudwatch:PutMetricData"], {
      StringEquals: { "cloudwatch:namespace": metricNamespace },
    }),
    // SageMaker shifts no traffic of a serverless endpoint.
    ...(kind === "serverless"
      ? []
      : [
          allowStatement("CanaryAlarmRead", verdictAlarmArn, ["cloudwatch:DescribeAlarms"]),
          // GetMetricData has no resource type for metrics of a service.
          allowStatement("FleetMetricsRead", "*", ["cloudwatch:GetMetricData"]),
          // The build replays the version's sample requests while the traffic shifts.
          allowStatement("CanaryReplay", endpointArn, ["sagemaker:InvokeEndpoint"]),
        ]),
  ];
}

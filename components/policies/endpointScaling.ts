import type { DeployStageNames } from "../names/deployNames";
import type { Names } from "../names/names";
import { allowStatement, type Statement } from "./statements";

/** Statements for autoscaling. Target IDs are assigned by AWS: the ARN can name only their type. */
export function scalingStatements(
  { accountId, partition, region }: Names,
  { endpoint, scalingAlarmArns }: DeployStageNames,
): Statement[] {
  const service = "sagemaker.application-autoscaling.amazonaws.com";
  return [
    allowStatement(
      "Scaling",
      `arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/*`,
      [
        "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:RegisterScalableTarget",
      ],
      // A dimension begins with its service namespace.
      {
        StringEquals: {
          "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
        },
      },
    ),
    // Application Auto Scaling creates these alarms with the caller's permissions. Their only action
    // is a scaling policy of this endpoint. The other calls have no such key: the condition is met.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
    allowStatement(
      "ScalingAlarmCreate",
      scalingAlarmArns,
      ["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"],
      {
        "ForAllValues:StringLike": {
          "cloudwatch:AlarmActions": `arn:${partition}:autoscaling:*:*:*:resource/sagemaker/endpoint/${endpoint}/*`,
        },
      },
    ),
    // The first scaling endpoint of an account creates the service-linked role.
    allowStatement(
      "ScalingRole",
      `arn:${partition}:iam::${accountId}:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
      ["iam:CreateServiceLinkedRole"],
    ),
  ];
}

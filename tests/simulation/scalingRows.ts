import { each, type OfStatement, use } from "./row";

const cloudwatch = "arn:aws:cloudwatch:us-east-1:123456789012:alarm";
const target =
  "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0a1b2c3d4e5f";
const elsewhere = target.replace("us-east-1", "eu-west-1");
const linkedRole =
  "arn:aws:iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint";

function scale(action: string, service = "sagemaker", dimension = "DesiredInstanceCount") {
  return use(`application-autoscaling:${action}`, target, {
    "application-autoscaling:scalable-dimension": `${service}:variant:${dimension}`,
    "application-autoscaling:service-namespace": service,
  });
}

/** What the build of a stage does about the alarms and the scaling of its endpoint. */
export function scalingRows(stage: string, other: string): OfStatement[] {
  const own = (name: string, of = stage) => `${cloudwatch}:mlops-churn--dev--${of}-${name}`;
  const tracking = (of: string) =>
    `${cloudwatch}:TargetTracking-endpoint/mlops-churn--dev--${of}/variant/AllTraffic-AlarmHigh-1`;
  const onAlarm = ["DeleteAlarms", "DescribeAlarms", "PutMetricAlarm"].map(
    (action) => `cloudwatch:${action}`,
  );
  const onTags = ["ListTagsForResource", "TagResource", "UntagResource"];
  const tagging = onTags.map((action) => `cloudwatch:${action}`);
  return [
    [
      "Alarms",
      "sets and tags rollback alarms and target tracking alarms",
      [...each([...onAlarm, ...tagging], own("errors")), ...each(onAlarm, tracking(stage))],
      "alarms of the other stage, setting alarm states, disabling alarm actions",
      [
        use("cloudwatch:PutMetricAlarm", own("errors", other)),
        use("cloudwatch:DeleteAlarms", tracking(other)),
        use("cloudwatch:TagResource", own("latency", other)),
        use("cloudwatch:SetAlarmState", own("errors")),
        use("cloudwatch:DisableAlarmActions", own("errors")),
      ],
    ],
    [
      "Scaling",
      "configures the scaling of endpoint variants",
      [
        "DeleteScalingPolicy",
        "DeregisterScalableTarget",
        "PutScalingPolicy",
        "RegisterScalableTarget",
      ].map((action) => scale(action)),
      "other services, other scalable dimensions",
      [
        scale("RegisterScalableTarget", "ecs"),
        scale("RegisterScalableTarget", "sagemaker", "DesiredProvisionedConcurrency"),
      ],
    ],
    [
      "ScalingTags",
      "tags scalable targets",
      onTags.map((action) => use(`application-autoscaling:${action}`, target)),
      "another region",
      [use("application-autoscaling:TagResource", elsewhere)],
    ],
    [
      "ScalingRead",
      "describes scalable targets and scaling policies",
      each(
        [
          "application-autoscaling:DescribeScalableTargets",
          "application-autoscaling:DescribeScalingPolicies",
        ],
        "*",
      ),
      "describing scaling activities",
      [use("application-autoscaling:DescribeScalingActivities", "*")],
    ],
    [
      "ScalingRole",
      "creates the service-linked role of Application Auto Scaling for SageMaker",
      [use("iam:CreateServiceLinkedRole", linkedRole)],
      "the service-linked role of another service",
      [
        use("iam:CreateServiceLinkedRole", linkedRole.replace("sagemaker.", "ecs.")),
        use("iam:AttachRolePolicy", linkedRole),
      ],
    ],
  ];
}

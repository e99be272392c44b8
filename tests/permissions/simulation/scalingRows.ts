import { each, type OfStatement, use } from "./row";

const cloudwatch = "arn:aws:cloudwatch:us-east-1:123456789012:alarm";
const target =
  "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0a1b2c3d4e5f";
const terminate = "arn:aws:automate:us-east-1:ec2:terminate";
const otherGroup =
  "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:0a1b2c3d:autoScalingGroupName/payroll:policyName/out";
const notifications = "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications";
const linkedRole =
  "arn:aws:iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint";

function scale(action: string, service = "sagemaker", dimension = "DesiredInstanceCount") {
  return use(`application-autoscaling:${action}`, target, {
    "application-autoscaling:scalable-dimension": `${service}:variant:${dimension}`,
    "application-autoscaling:service-namespace": service,
  });
}

/** Rows of the autoscaling of a stage's endpoint; the stack creates every other alarm. */
export function scalingRows(stage: string, other: string): OfStatement[] {
  const own = (name: string, of = stage) => `${cloudwatch}:mlops-churn--dev--${of}-${name}`;
  const tracking = (of: string) =>
    `${cloudwatch}:TargetTracking-endpoint/mlops-churn--dev--${of}/variant/AllTraffic-AlarmHigh-1`;
  const put = (alarm: string, ...actions: string[]) =>
    use("cloudwatch:PutMetricAlarm", alarm, {
      ...(actions.length === 0 ? {} : { "cloudwatch:AlarmActions": actions }),
    });
  const scalingPolicy = (of: string) =>
    `arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:0a1b2c3d:resource/sagemaker/endpoint/mlops-churn--dev--${of}/variant/AllTraffic:policyName/mlops-churn--dev--${of}-invocations:createdBy/1a2b3c4d`;
  return [
    [
      "Scaling",
      "configures the scaling of endpoint variants",
      ["DeregisterScalableTarget", "PutScalingPolicy", "RegisterScalableTarget"].map((action) =>
        scale(action),
      ),
      "other services, other scalable dimensions, tagging scalable targets",
      [
        scale("RegisterScalableTarget", "ecs"),
        scale("RegisterScalableTarget", "sagemaker", "DesiredProvisionedConcurrency"),
        use("application-autoscaling:TagResource", target),
      ],
    ],
    [
      "ScalingAlarmCreate",
      "creates target tracking alarms for scaling policies of the endpoint, describes and deletes them",
      [
        put(tracking(stage), scalingPolicy(stage)),
        ...each(["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms"], tracking(stage)),
      ],
      "other actions, scaling policies of other resources, every other alarm, with or without actions",
      [
        put(tracking(stage), terminate),
        put(tracking(stage), scalingPolicy(stage), terminate),
        put(tracking(stage), scalingPolicy(other)),
        put(tracking(stage), otherGroup),
        put(tracking(stage), scalingPolicy(stage), notifications),
        put(tracking(other), scalingPolicy(stage)),
        ...[
          ...["errors", "latency", "no-invocations", "canary-verdict", "other"].map((name) =>
            own(name),
          ),
          own("errors", other),
          `${cloudwatch}:TargetTracking-endpoint/mlops-churn--prod--${stage}/variant/AllTraffic-AlarmHigh-1`,
          `${cloudwatch}:payroll`,
        ].flatMap((alarm) => [
          put(alarm),
          put(alarm, scalingPolicy(stage)),
          put(alarm, notifications),
        ]),
        use("cloudwatch:DeleteAlarms", own("errors")),
        use("cloudwatch:DeleteAlarms", own("canary-verdict")),
        use("cloudwatch:DisableAlarmActions", own("errors")),
        use("cloudwatch:SetAlarmState", own("canary-verdict")),
        use("cloudwatch:TagResource", own("errors")),
        ...each(["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms"], tracking(other)),
        use("cloudwatch:SetAlarmState", tracking(stage)),
      ],
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

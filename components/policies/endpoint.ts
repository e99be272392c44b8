import type { Given } from "../checks/rules";
import type { DeployStageNames } from "../deployNames";
import type { Names } from "../names";
import { allow, passToSageMaker, type Statement } from "./grammar";
import { inside, type NetworkAccess } from "./network";

/** All that brings one stage's endpoint up and keeps it: models, endpoint configs, alarms, autoscaling; nothing of the other stage. */
export function bringUpEndpoint(
  names: Names,
  keyArn: Given,
  stage: DeployStageNames,
  network: NetworkAccess | undefined,
): Statement[] {
  const { endpointArn, endpointConfigArns, modelArns } = stage;
  return [
    allow("ModelCreate", modelArns, ["sagemaker:CreateModel"], isolated(network)),
    allow("ConfigCreate", endpointConfigArns, ["sagemaker:CreateEndpointConfig"], {
      StringEquals: { "sagemaker:VolumeKmsKeyArn": keyArn },
    }),
    // Both actions ask for the endpoint and for the config that it is to run.
    allow(
      "EndpointDeploy",
      [endpointArn, endpointConfigArns],
      ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"],
    ),
    allow("EndpointManage", endpointArn, [
      "sagemaker:DeleteEndpoint",
      "sagemaker:DescribeEndpoint",
      "sagemaker:UpdateEndpointWeightsAndCapacities",
    ]),
    allow("ConfigManage", endpointConfigArns, [
      "sagemaker:DeleteEndpointConfig",
      "sagemaker:DescribeEndpointConfig",
    ]),
    allow("ModelManage", modelArns, ["sagemaker:DeleteModel", "sagemaker:DescribeModel"]),
    allow(
      "Tags",
      [endpointArn, endpointConfigArns, modelArns],
      ["sagemaker:AddTags", "sagemaker:DeleteTags", "sagemaker:ListTags"],
    ),
    passToSageMaker("PassServingRole", stage.serveRoleArn),
    // Encrypted volumes: SageMaker hands the key on to the instances by a grant.
    allow("VolumeKeyGrant", keyArn, ["kms:CreateGrant"], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": names.sagemakerService },
    }),
    allow("KeyDescribe", keyArn, ["kms:DescribeKey"]),
    ...watch(stage),
    ...scale(names),
  ];
}

/** The alarms that roll an update back; those of autoscaling are made with the caller's rights too. */
function watch({ alarmArns, scalingAlarmArns }: DeployStageNames): Statement[] {
  return [
    allow(
      "Alarms",
      [alarmArns, scalingAlarmArns],
      ["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"],
    ),
    allow("AlarmTags", alarmArns, [
      "cloudwatch:ListTagsForResource",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ]),
  ];
}

/** Application Auto Scaling numbers its targets itself, so that only their kind can be named. */
function scale({ accountId, partition, region }: Names): Statement[] {
  const service = "sagemaker.application-autoscaling.amazonaws.com";
  const targets = `arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/*`;
  return [
    allow(
      "Scaling",
      targets,
      [
        "application-autoscaling:DeleteScalingPolicy",
        "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:RegisterScalableTarget",
      ],
      {
        StringEquals: {
          "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
          "application-autoscaling:service-namespace": "sagemaker",
        },
      },
    ),
    allow("ScalingTags", targets, [
      "application-autoscaling:ListTagsForResource",
      "application-autoscaling:TagResource",
      "application-autoscaling:UntagResource",
    ]),
    // They know no resource.
    allow("ScalingRead", "*", [
      "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:DescribeScalingPolicies",
    ]),
    // The first endpoint of an account that scales: the role with which the service then does it.
    allow(
      "ScalingRole",
      `arn:${partition}:iam::${accountId}:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
      ["iam:CreateServiceLinkedRole"],
      { StringEquals: { "iam:AWSServiceName": service } },
    ),
  ];
}

/** Every model is isolated from all networks but the one that it is given. */
function isolated(network: NetworkAccess | undefined): Statement["Condition"] {
  const isolation = { "sagemaker:NetworkIsolation": "true" };
  return network === undefined ? { Bool: isolation } : inside(network, isolation);
}

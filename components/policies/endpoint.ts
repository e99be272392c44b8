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
  // Whoever else makes models may give them a network, and a role that can do more. A list of variants may say none.
  const ownModels = { ArnLikeIfExists: { "sagemaker:ModelArn": modelArns } };
  return [
    allow("ModelCreate", modelArns, ["sagemaker:CreateModel"], isolated(network)),
    allow("ConfigCreate", endpointConfigArns, ["sagemaker:CreateEndpointConfig"], {
      ...ownModels,
      StringEquals: { "sagemaker:VolumeKmsKeyArn": keyArn },
    }),
    // A key does not reach disks that belong to the machine, and SageMaker takes none for them: their hardware encrypts.
    allow("ConfigCreateOnOwnDisks", endpointConfigArns, ["sagemaker:CreateEndpointConfig"], {
      ...ownModels,
      "ForAllValues:StringLike": { "sagemaker:InstanceTypes": withOwnDisks },
      // Of nothing, all values are like anything.
      Null: { "sagemaker:InstanceTypes": "false", "sagemaker:VolumeKmsKeyArn": "true" },
    }),
    // In one statement, since a role has room for few: each action acts on its own kind alone, or on all three.
    allow(
      "EndpointManage",
      [endpointArn, endpointConfigArns, modelArns],
      [
        "sagemaker:AddTags",
        "sagemaker:CreateEndpoint",
        "sagemaker:DeleteEndpoint",
        "sagemaker:DeleteEndpointConfig",
        "sagemaker:DeleteModel",
        "sagemaker:DeleteTags",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DescribeModel",
        "sagemaker:ListTags",
        "sagemaker:UpdateEndpoint",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
      ],
    ),
    passToSageMaker("PassServingRole", stage.serveRoleArn),
    // Encrypted volumes: SageMaker hands the key on to the instances by a grant.
    allow("VolumeKeyGrant", keyArn, ["kms:CreateGrant"], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": names.sagemakerService },
    }),
    allow("KeyDescribe", keyArn, ["kms:DescribeKey"]),
    watch(stage),
    ...scale(names),
  ];
}

/** Instance types with disks of their own, as `hasLocalStorage` of the endpoint program knows them. */
const withOwnDisks = ["*d.", "g", "p4", "p5", "p6", "trn"].map((family) => `ml.${family}*`);

/** The alarms that roll an update back; those of autoscaling are made with the caller's rights too. */
function watch({ alarmArns, scalingAlarmArns }: DeployStageNames): Statement {
  return allow(
    "Alarms",
    [alarmArns, scalingAlarmArns],
    [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:ListTagsForResource",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ],
  );
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
    ),
  ];
}

/** Every model is isolated from all networks but the one that it is given. */
function isolated(network: NetworkAccess | undefined): Statement["Condition"] {
  const isolation = { "sagemaker:NetworkIsolation": "true" };
  return network === undefined ? { Bool: isolation } : inside(network, isolation);
}

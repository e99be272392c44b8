import type { StringInput } from "../validation/fields";
import type { DeployStageNames } from "../names/deployNames";
import type { Names } from "../names/names";
import { allowStatement, passRoleStatement, type Statement } from "./statements";
import { inNetworkCondition, type NetworkAccess } from "./network";

/**
 * Statements to deploy the endpoint of one stage: models, endpoint configs, alarms, autoscaling.
 * None of them covers the other stage.
 */
export function endpointStatements(
  names: Names,
  keyArn: StringInput,
  stage: DeployStageNames,
  network: NetworkAccess | undefined,
): Statement[] {
  const { endpointArn, endpointConfigArns, modelArns } = stage;
  // Other models may have another network, and a role with more permissions.
  // IfExists: a request may have no model ARN.
  const ownModels = { ArnLikeIfExists: { "sagemaker:ModelArn": modelArns } };
  return [
    allowStatement(
      "ModelCreate",
      modelArns,
      ["sagemaker:CreateModel"],
      networkIsolationCondition(network),
    ),
    allowStatement("EndpointConfigCreate", endpointConfigArns, ["sagemaker:CreateEndpointConfig"], {
      ...ownModels,
      StringEquals: { "sagemaker:VolumeKmsKeyArn": keyArn },
    }),
    // SageMaker accepts no key for instances with local storage: their hardware encrypts it.
    // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
    allowStatement(
      "EndpointConfigCreateLocalStorage",
      endpointConfigArns,
      ["sagemaker:CreateEndpointConfig"],
      {
        ...ownModels,
        "ForAllValues:StringLike": { "sagemaker:InstanceTypes": localStorageInstanceTypes },
        // ForAllValues also matches a request without values.
        Null: { "sagemaker:InstanceTypes": "false", "sagemaker:VolumeKmsKeyArn": "true" },
      },
    ),
    // One statement, because of the size limit of role policies: each action applies to its own
    // resource type only, or to all three.
    allowStatement(
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
    passRoleStatement("PassServingRole", stage.serveRoleArn),
    // Encrypted volumes: SageMaker creates a grant for the instances.
    allowStatement("VolumeKeyGrant", keyArn, ["kms:CreateGrant"], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": names.sagemakerService },
    }),
    allowStatement("KeyDescribe", keyArn, ["kms:DescribeKey"]),
    alarmStatement(stage),
    ...scalingStatements(names),
  ];
}

/** Instance types with local storage; same list as `hasLocalStorage` of the endpoint program. */
const localStorageInstanceTypes = ["*d.", "g", "p4", "p5", "p6", "trn"].map(
  (family) => `ml.${family}*`,
);

/**
 * Statement for the alarms that roll back an update, and for those of autoscaling, which
 * Application Auto Scaling creates with the caller's permissions.
 */
function alarmStatement({ alarmArns, scalingAlarmArns }: DeployStageNames): Statement {
  return allowStatement(
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

/** Statements for autoscaling. Target IDs are assigned by AWS: the ARN can name only their type. */
function scalingStatements({ accountId, partition, region }: Names): Statement[] {
  const service = "sagemaker.application-autoscaling.amazonaws.com";
  const targets = `arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/*`;
  return [
    allowStatement(
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
    allowStatement("ScalingTags", targets, [
      "application-autoscaling:ListTagsForResource",
      "application-autoscaling:TagResource",
      "application-autoscaling:UntagResource",
    ]),
    // These actions have no resource type.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
    allowStatement("ScalingRead", "*", [
      "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:DescribeScalingPolicies",
    ]),
    // The first scaling endpoint of an account creates the service-linked role.
    allowStatement(
      "ScalingRole",
      `arn:${partition}:iam::${accountId}:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
      ["iam:CreateServiceLinkedRole"],
    ),
  ];
}

/** Condition of CreateModel: network isolation, and only the private network if there is one. */
function networkIsolationCondition(network: NetworkAccess | undefined): Statement["Condition"] {
  const isolation = { "sagemaker:NetworkIsolation": "true" };
  return network === undefined ? { Bool: isolation } : inNetworkCondition(network, isolation);
}

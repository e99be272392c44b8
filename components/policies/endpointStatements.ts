import type { StringInput } from "../validation/fields";
import type { DeployStageNames, StagingKind } from "../names/deployNames";
import type { Names } from "../names/names";
import { canaryStatements } from "./canaryStatements";
import { scalingStatements } from "./endpointScaling";
import { allowStatement, passRoleStatement, type Statement } from "./statements";
import { inNetworkCondition, type NetworkAccess } from "./network";

/** What the endpoint of a stage runs on, and in which network. */
export interface EndpointAccess {
  kind: StagingKind;
  network: NetworkAccess | undefined;
}

/**
 * Statements to deploy the endpoint of one stage: models, endpoint configs, canary, autoscaling.
 * None of them covers the other stage.
 */
export function endpointStatements(
  names: Names,
  keyArn: StringInput,
  stage: DeployStageNames,
  { kind, network }: EndpointAccess,
): Statement[] {
  const { endpointArn, endpointConfigArns, modelArns } = stage;
  // SageMaker shifts no traffic of a serverless endpoint.
  const hasCanary = kind === "instances";
  return [
    ...(kind === "serverless"
      ? createServerlessStatements(stage)
      : createInstancesStatements(keyArn, stage, network)),
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
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DescribeModel",
        // A canary replays the version's sample requests while the traffic shifts.
        ...(hasCanary ? ["sagemaker:InvokeEndpoint"] : []),
        "sagemaker:ListTags",
        "sagemaker:UpdateEndpoint",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
      ],
    ),
    // These actions have no resource type. The build finds superseded models and endpoint configs, and
    // reads the metrics of a canary.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    allowStatement("EndpointsList", "*", [
      "application-autoscaling:DescribeScalableTargets",
      ...(hasCanary ? ["cloudwatch:GetMetricData"] : []),
      "sagemaker:ListEndpointConfigs",
      "sagemaker:ListModels",
    ]),
    passRoleStatement("PassServingRole", stage.serveRoleArn),
    // Encrypted volumes: SageMaker creates a grant for the instances.
    allowStatement("VolumeKeyGrant", keyArn, ["kms:CreateGrant"], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": names.sagemakerService },
    }),
    allowStatement("KeyDescribe", keyArn, ["kms:DescribeKey"]),
    ...canaryStatements(stage, hasCanary),
    ...scalingStatements(names, stage),
  ];
}

/** Statements to create isolated models, and endpoint configs of instances with encrypted volumes. */
function createInstancesStatements(
  keyArn: StringInput,
  { endpointConfigArns, modelArns }: DeployStageNames,
  network: NetworkAccess | undefined,
): Statement[] {
  const ownModels = ownModelsCondition(modelArns);
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
  ];
}

/**
 * Statements to create models without isolation, and endpoint configs that have only a serverless
 * variant. Serverless endpoints support neither network isolation nor a volume key.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
 */
function createServerlessStatements({
  endpointConfigArns,
  modelArns,
}: DeployStageNames): Statement[] {
  return [
    allowStatement("ModelCreateServerless", modelArns, ["sagemaker:CreateModel"]),
    allowStatement(
      "EndpointConfigCreateServerless",
      endpointConfigArns,
      ["sagemaker:CreateEndpointConfig"],
      {
        ...ownModelsCondition(modelArns),
        Null: {
          "sagemaker:InstanceTypes": "true",
          "sagemaker:ServerlessMemorySize": "false",
          "sagemaker:VolumeKmsKeyArn": "true",
        },
      },
    ),
  ];
}

/**
 * Condition of CreateEndpointConfig: other models may have another network, and a role with more
 * permissions. IfExists: a request may have no model ARN.
 */
function ownModelsCondition(modelArns: string) {
  return { ArnLikeIfExists: { "sagemaker:ModelArn": modelArns } };
}

/** Instance types with local storage; same list as `has_local_storage` of the deploy build. */
const localStorageInstanceTypes = ["*d.", "dl1.", "g", "p4", "p5", "p6", "trn"].map(
  (family) => `ml.${family}*`,
);

/** Condition of CreateModel: network isolation, and only the private network if there is one. */
function networkIsolationCondition(network: NetworkAccess | undefined): Statement["Condition"] {
  const isolation = { "sagemaker:NetworkIsolation": "true" };
  return network === undefined ? { Bool: isolation } : inNetworkCondition(network, isolation);
}

import { bucket, key, roleArn } from "../support/policySet";
import { otherKey, sagemaker } from "./account";
import { anyBuild } from "./buildRows";
import { connectsBuild, makesModelInside } from "./networkRows";
import { each, ofRole, type OfStatement, type Row, use } from "./row";
import { scalingRows } from "./scalingRows";

type Stage = "prod" | "staging";

const state = `${bucket}-state`;
const versions = `${sagemaker}:model-package/mlops-churn--dev--models`;
const pipeline = "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy";
const written = `${bucket}/mlops-churn--dev--training/executions/a1b2c3`;
const ofOthers = { "aws:ResourceAccount": "210987654321" };
const forVolumes = {
  "kms:ViaService": "sagemaker.us-east-1.amazonaws.com",
  "kms:GrantIsForAWSResource": "true",
};
const isolated = { "sagemaker:NetworkIsolation": "true" };
const underKey = { "sagemaker:VolumeKmsKeyArn": key };
const on = (...types: string[]) => ({ "sagemaker:InstanceTypes": types });

function made(kind: string, stage: Stage): string {
  return `${sagemaker}:${kind}/mlops-churn--dev--${stage}-7-0a1b2c3d`;
}

function stateOf(stage: Stage, other: Stage): OfStatement[] {
  const secrets = (of: Stage) => ({ "kms:EncryptionContext:stack": `mlops-churn--dev--${of}` });
  return [
    [
      "StateList",
      "lists its prefix of the state bucket",
      [
        use("s3:ListBucket", state, { "s3:prefix": `${stage}/.pulumi/stacks/` }),
        use("s3:ListBucket", state),
      ],
      "the prefix of the other stage, the artifact bucket",
      [
        use("s3:ListBucket", state, { "s3:prefix": `${other}/.pulumi/stacks/` }),
        use("s3:ListBucket", bucket),
      ],
    ],
    [
      "StateObjects",
      "reads, writes and deletes its Pulumi state",
      each(
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        `${state}/${stage}/.pulumi/stacks/model-endpoint/${stage}.json`,
      ),
      "the state of the other stage, a bucket of another account, object versions",
      [
        ...each(
          ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          `${state}/${other}/.pulumi/stacks/model-endpoint/${other}.json`,
        ),
        use("s3:GetObject", `${state}/${stage}/a`, ofOthers),
        use("s3:GetObjectVersion", `${state}/${stage}/a`),
      ],
    ],
    [
      "StateSecrets",
      "encrypts and decrypts the secrets of its Pulumi state",
      each(["kms:Decrypt", "kms:Encrypt"], key, secrets(stage)),
      "another KMS key",
      each(["kms:Decrypt", "kms:Encrypt"], otherKey, secrets(stage)),
    ],
  ];
}

function endpointOf(stage: Stage, other: Stage): OfStatement[] {
  const endpoint = `${sagemaker}:endpoint/mlops-churn--dev--${stage}`;
  const otherEndpoint = `${sagemaker}:endpoint/mlops-churn--dev--${other}`;
  const [config, model] = [made("endpoint-config", stage), made("model", stage)];
  const configure = (circumstances: object, of = model) =>
    use("sagemaker:CreateEndpointConfig", config, { "sagemaker:ModelArn": of, ...circumstances });
  const trained = `${sagemaker}:model/pipelines-abc-step-def`;
  return [
    [
      "ModelCreate",
      "creates endpoint models with network isolation",
      [use("sagemaker:CreateModel", model, isolated)],
      "models without isolation, models of the other stage or of training",
      [
        use("sagemaker:CreateModel", model),
        use("sagemaker:CreateModel", model, { "sagemaker:NetworkIsolation": "false" }),
        use("sagemaker:CreateModel", made("model", other), isolated),
        use("sagemaker:CreateModel", `${sagemaker}:model/pipelines-abc-step-def`, isolated),
      ],
    ],
    [
      "EndpointConfigCreate",
      "creates endpoint configurations with the KMS key",
      [
        configure({ ...underKey, ...on("ml.m5.large") }),
        configure({ ...underKey, ...on("ml.g5.xlarge") }),
      ],
      "no KMS key, another KMS key, other models, the other stage",
      [
        configure(underKey, trained),
        configure(underKey, made("model", other)),
        configure(on("ml.m5.large")),
        configure({ "sagemaker:VolumeKmsKeyArn": otherKey, ...on("ml.g5.xlarge") }),
        use("sagemaker:CreateEndpointConfig", made("endpoint-config", other), underKey),
      ],
    ],
    [
      "EndpointConfigCreateLocalStorage",
      "creates endpoint configurations without a KMS key for instances with local storage",
      ["ml.m5d.large", "ml.m6gd.large", "ml.g4dn.xlarge", "ml.p4de.24xlarge", "ml.g6e.xlarge"].map(
        (type) => configure(on(type)),
      ),
      "instances without local storage, mixed instance types, another KMS key, other models",
      [
        configure(on("ml.g5.xlarge"), trained),
        configure(on("ml.m5.large")),
        configure(on("ml.inf2.xlarge")),
        configure(on("ml.g5.xlarge", "ml.m5.large")),
        configure({}),
        configure({ "sagemaker:VolumeKmsKeyArn": otherKey, ...on("ml.g5.xlarge") }),
        use("sagemaker:CreateEndpointConfig", made("endpoint-config", other), on("ml.g5.xlarge")),
      ],
    ],
    [
      "EndpointManage",
      "creates, updates, describes, deletes and tags endpoint, configurations and models",
      [
        ...each(["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], endpoint),
        ...each(["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], config),
        ...each(
          [
            "sagemaker:DeleteEndpoint",
            "sagemaker:DescribeEndpoint",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
          ],
          endpoint,
        ),
        ...each(["sagemaker:DeleteEndpointConfig", "sagemaker:DescribeEndpointConfig"], config),
        ...each(["sagemaker:DeleteModel", "sagemaker:DescribeModel"], model),
        // AWS tags sixty kinds of things, and the simulator tries them all: few are enough.
        ...[config, endpoint, model].map((arn) => use("sagemaker:AddTags", arn)),
        use("sagemaker:ListTags", config),
      ],
      "resources of the other stage or of training, tagging model versions, invoking",
      [
        use("sagemaker:DeleteEndpoint", otherEndpoint),
        use("sagemaker:UpdateEndpointWeightsAndCapacities", otherEndpoint),
        ...[otherEndpoint, made("endpoint-config", other)].map((arn) =>
          use("sagemaker:UpdateEndpoint", arn),
        ),
        use("sagemaker:DeleteEndpointConfig", made("endpoint-config", other)),
        use("sagemaker:DeleteModel", made("model", other)),
        use("sagemaker:DeleteModel", trained),
        use("sagemaker:AddTags", made("endpoint-config", other)),
        use("sagemaker:AddTags", `${versions}/7`),
        use("sagemaker:InvokeEndpoint", endpoint),
      ],
    ],
    [
      "PassServingRole",
      "passes the serving role to SageMaker",
      [passed(`serve-${stage}`, "sagemaker")],
      "the serving role of the other stage, the execution role, another service",
      [
        passed(`serve-${other}`, "sagemaker"),
        passed("execution", "sagemaker"),
        passed(`serve-${stage}`, "ecs-tasks"),
      ],
    ],
    [
      "VolumeKeyGrant",
      "creates grants for endpoint volumes",
      [use("kms:CreateGrant", key, forVolumes)],
      "another KMS key",
      [use("kms:CreateGrant", otherKey, forVolumes)],
    ],
    [
      "KeyDescribe",
      "describes the KMS key",
      [use("kms:DescribeKey", key)],
      "another KMS key",
      [use("kms:DescribeKey", otherKey)],
    ],
  ];
}

function versionsOf(): OfStatement[] {
  return [
    [
      "ModelVersionsRead",
      "describes model versions",
      [use("sagemaker:DescribeModelPackage", `${versions}/7`)],
      "versions of another group, approving versions",
      [
        use("sagemaker:DescribeModelPackage", `${versions.replace("dev", "prod")}/7`),
        use("sagemaker:UpdateModelPackage", `${versions}/7`, {
          "sagemaker:ModelApprovalStatus": "Approved",
        }),
      ],
    ],
  ];
}

const staging = ofRole("deploy-staging", [
  [
    "ArtifactObjects",
    "writes the Deployment artifact",
    [use("s3:PutObject", `${bucket}/mlops-churn--dev--mo/Deployment/a1b2c3d`)],
    "model archives",
    [use("s3:PutObject", `${written}/Train/output/model.tar.gz`)],
  ],
  [
    "ProductionRead",
    "describes the production endpoint and reads its version tag",
    [
      use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--prod`),
      use("sagemaker:ListTags", made("endpoint-config", "prod")),
    ],
    "another project's endpoint, invoking, tagging",
    [
      use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/payroll-dev-prod`),
      use("sagemaker:InvokeEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--prod`),
      use("sagemaker:AddTags", made("endpoint-config", "prod")),
    ],
  ],
  [
    "PipelineExecutions",
    "lists, describes and stops pipeline executions",
    each(
      [
        "codepipeline:GetPipelineExecution",
        "codepipeline:ListPipelineExecutions",
        "codepipeline:StopPipelineExecution",
      ],
      pipeline,
    ),
    "the model build pipeline, starting executions, retrying stages",
    [
      use("codepipeline:StopPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
      use("codepipeline:StartPipelineExecution", pipeline),
      use("codepipeline:RetryStageExecution", `${pipeline}/DeployProd`),
    ],
  ],
]);

const prod = ofRole("deploy-prod", [
  [
    "PipelineExecutions",
    "describes and stops pipeline executions",
    each(["codepipeline:GetPipelineExecution", "codepipeline:StopPipelineExecution"], pipeline),
    "the model build pipeline, starting executions, retrying stages",
    [
      use("codepipeline:GetPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
      use("codepipeline:StopPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
      use("codepipeline:StartPipelineExecution", pipeline),
      use("codepipeline:RetryStageExecution", `${pipeline}/DeployProd`),
    ],
  ],
]);

/** Rows of the builds that bring the stages' endpoints up. */
export const stageRows: readonly Row[] = [
  ...(
    [
      ["staging", "prod"],
      ["prod", "staging"],
    ] as const
  ).flatMap(([stage, other]) => [
    ...ofRole(`deploy-${stage}`, [
      ...anyBuild(`deploy-${stage}`),
      ...stateOf(stage, other),
      ...endpointOf(stage, other),
      ...scalingRows(stage, other),
      ...versionsOf(),
      ...connectsBuild,
    ]),
    ...ofRole(
      `deploy-${stage}`,
      [makesModelInside(`mlops-churn--dev--${stage}`)],
      `deploy-${stage}-role NetworkInterfaces`,
    ),
  ]),
  ...staging,
  ...prod,
];

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

import { bucket, key, roleArn } from "../support/court";
import { otherKey, sagemaker } from "./account";
import { anyBuild } from "./buildRows";
import { connectsBuild, makesModelInside } from "./networkRows";
import { each, ofRole, type OfStatement, type Row, use } from "./row";
import { scalingRows } from "./scalingRows";

type Stage = "prod" | "staging";

const state = `${bucket}-state`;
const versions = `${sagemaker}:model-package/churn-dev`;
const pipeline = "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modeldeploy";
const written = `${bucket}/churn-dev/executions/a1b2c3`;
const ofOthers = { "aws:ResourceAccount": "210987654321" };
const forVolumes = {
  "kms:ViaService": "sagemaker.us-east-1.amazonaws.com",
  "kms:GrantIsForAWSResource": "true",
};
const isolated = { "sagemaker:NetworkIsolation": "true" };
const underKey = { "sagemaker:VolumeKmsKeyArn": key };
const on = (...types: string[]) => ({ "sagemaker:InstanceTypes": types });

function made(kind: string, stage: Stage): string {
  return `${sagemaker}:${kind}/churn-dev-${stage}-7-0a1b2c3d`;
}

function stateOf(stage: Stage, other: Stage): OfStatement[] {
  const secrets = (of: Stage) => ({ "kms:EncryptionContext:stack": `churn-dev-${of}` });
  return [
    [
      "StateList",
      "lists its state, and asks for what may not be there",
      [
        use("s3:ListBucket", state, { "s3:prefix": `${stage}/.pulumi/stacks/` }),
        use("s3:ListBucket", state),
      ],
      "the other stage's, nor what is in the artifact bucket",
      [
        use("s3:ListBucket", state, { "s3:prefix": `${other}/.pulumi/stacks/` }),
        use("s3:ListBucket", bucket),
      ],
    ],
    [
      "StateObjects",
      "keeps its state",
      each(
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        `${state}/${stage}/.pulumi/stacks/model-endpoint/${stage}.json`,
      ),
      "the other stage's, nor delete earlier versions of it",
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
      "uses the key itself for the secrets of its state",
      each(["kms:Decrypt", "kms:Encrypt"], key, secrets(stage)),
      "another key",
      each(["kms:Decrypt", "kms:Encrypt"], otherKey, secrets(stage)),
    ],
  ];
}

function endpointOf(stage: Stage, other: Stage): OfStatement[] {
  const endpoint = `${sagemaker}:endpoint/churn-dev-${stage}`;
  const otherEndpoint = `${sagemaker}:endpoint/churn-dev-${other}`;
  const [config, model] = [made("endpoint-config", stage), made("model", stage)];
  const configure = (circumstances: object, of = model) =>
    use("sagemaker:CreateEndpointConfig", config, { "sagemaker:ModelArn": of, ...circumstances });
  const trained = `${sagemaker}:model/pipelines-abc-step-def`;
  return [
    [
      "ModelCreate",
      "makes models of its endpoint, isolated from every network",
      [use("sagemaker:CreateModel", model, isolated)],
      "one that is not, nor one of the other stage or of training",
      [
        use("sagemaker:CreateModel", model),
        use("sagemaker:CreateModel", model, { "sagemaker:NetworkIsolation": "false" }),
        use("sagemaker:CreateModel", made("model", other), isolated),
        use("sagemaker:CreateModel", `${sagemaker}:model/pipelines-abc-step-def`, isolated),
      ],
    ],
    [
      "ConfigCreate",
      "says how its endpoint runs, on volumes under the key",
      [
        configure({ ...underKey, ...on("ml.m5.large") }),
        configure({ ...underKey, ...on("ml.g5.xlarge") }),
      ],
      "under no key or another, with no other models, nor how the other stage's runs",
      [
        configure(underKey, trained),
        configure(underKey, made("model", other)),
        configure(on("ml.m5.large")),
        configure({ "sagemaker:VolumeKmsKeyArn": otherKey, ...on("ml.g5.xlarge") }),
        use("sagemaker:CreateEndpointConfig", made("endpoint-config", other), underKey),
      ],
    ],
    [
      "ConfigCreateOnOwnDisks",
      "names no key for machines whose own disks no key reaches",
      ["ml.m5d.large", "ml.m6gd.large", "ml.g4dn.xlarge", "ml.p4de.24xlarge", "ml.g6e.xlarge"].map(
        (type) => configure(on(type)),
      ),
      "for any other, also not beside such a machine, nor another key or model for them",
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
      "makes, updates, looks at and takes away its endpoint, configurations and models, and tags them",
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
      "the other stage's, nor those of training, nor tag versions, nor invoke its own",
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
      "hands its models' role to SageMaker",
      [passed(`serve-${stage}`, "sagemaker")],
      "the other stage's or training's, nor its own to another service",
      [
        passed(`serve-${other}`, "sagemaker"),
        passed("execution", "sagemaker"),
        passed(`serve-${stage}`, "ecs-tasks"),
      ],
    ],
    [
      "VolumeKeyGrant",
      "encrypts the volumes of its endpoint under the key",
      [use("kms:CreateGrant", key, forVolumes)],
      "under another key",
      [use("kms:CreateGrant", otherKey, forVolumes)],
    ],
    [
      "KeyDescribe",
      "looks at the key",
      [use("kms:DescribeKey", key)],
      "at another key",
      [use("kms:DescribeKey", otherKey)],
    ],
  ];
}

function versionsOf(): OfStatement[] {
  return [
    [
      "VersionsRead",
      "looks whether a version is approved",
      [use("sagemaker:DescribeModelPackage", `${versions}/7`)],
      "a version of another group, nor approve one",
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
    "ArtifactWrite",
    "hands on which version it is",
    [use("s3:PutObject", `${bucket}/sagemaker-churn-dev-/Deployment/a1b2c3d`)],
    "anything elsewhere in the bucket, where models and data are",
    [use("s3:PutObject", `${written}/Train/output/model.tar.gz`)],
  ],
  [
    "ProductionRead",
    "looks at production's endpoint, and reads which version it runs",
    [
      use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/churn-dev-prod`),
      use("sagemaker:ListTags", made("endpoint-config", "prod")),
    ],
    "at another project's, nor invoke it, nor write which version it runs",
    [
      use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/payroll-dev-prod`),
      use("sagemaker:InvokeEndpoint", `${sagemaker}:endpoint/churn-dev-prod`),
      use("sagemaker:AddTags", made("endpoint-config", "prod")),
    ],
  ],
  [
    "OwnRuns",
    "looks at the runs of its pipeline, and ends one that has nothing to do",
    each(
      [
        "codepipeline:GetPipelineExecution",
        "codepipeline:ListPipelineExecutions",
        "codepipeline:StopPipelineExecution",
      ],
      pipeline,
    ),
    "those of the model's build, nor start one or retry its stages",
    [
      use("codepipeline:StopPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
      use("codepipeline:StartPipelineExecution", pipeline),
      use("codepipeline:RetryStageExecution", `${pipeline}/DeployProd`),
    ],
  ],
]);

const prod = ofRole("deploy-prod", [
  [
    "OwnRuns",
    "looks whether the run is over whose build left the state locked, and ends one that is no news",
    each(["codepipeline:GetPipelineExecution", "codepipeline:StopPipelineExecution"], pipeline),
    "those of the model's build, nor start one or retry its stages",
    [
      use("codepipeline:GetPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
      use("codepipeline:StopPipelineExecution", pipeline.replace("modeldeploy", "modelbuild")),
      use("codepipeline:StartPipelineExecution", pipeline),
      use("codepipeline:RetryStageExecution", `${pipeline}/DeployProd`),
    ],
  ],
]);

/** The sentences about the builds that bring the stages' endpoints up. */
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
      [makesModelInside(`churn-dev-${stage}`)],
      `deploy-${stage}-role NetworkInterfaces`,
    ),
  ]),
  ...staging,
  ...prod,
];

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

import { bucket, key, roleArn } from "../../support/policySet";
import { deployedModel, dlcImages, otherKey, ownImages, sagemaker } from "./account";
import { anyBuild } from "./buildRows";
import { connectsBuild, makesModelInside } from "./networkRows";
import { each, ofRole, type OfStatement, type Row, use } from "./row";
import { canaryRows } from "./canaryRows";
import { scalingRows } from "./scalingRows";
import { createScheduleRows, renewScheduleRows, stagingEndpointRow } from "./scheduleRows";
import { describeVersionsRow, lifeCycleRow } from "./sharedRows";

const metricStreams = "arn:aws:cloudwatch:us-east-1:123456789012:metric-stream";

type Stage = "prod" | "staging";

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

function modelsOf(): OfStatement[] {
  return [
    [
      "ArtifactObjects",
      "reads deployed models",
      each(["s3:GetObject", "s3:GetObjectVersion"], deployedModel),
      "captured requests, a bucket of another account",
      [
        use("s3:GetObject", `${bucket}/mlops-churn--dev--models/captured/1.jsonl`),
        use("s3:GetObjectVersion", deployedModel, ofOthers),
      ],
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
      [
        "ml.m5d.large",
        "ml.g4dn.xlarge",
        "ml.p4de.24xlarge",
        "ml.g6e.xlarge",
        "ml.dl1.24xlarge",
      ].map((type) => configure(on(type))),
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
      "creates, updates, invokes, describes, deletes and tags endpoint, configurations and models",
      [
        ...each(["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], endpoint),
        ...each(["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], config),
        ...each(
          [
            "sagemaker:DeleteEndpoint",
            "sagemaker:DescribeEndpoint",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
            "sagemaker:InvokeEndpoint",
          ],
          endpoint,
        ),
        ...each(["sagemaker:DeleteEndpointConfig", "sagemaker:DescribeEndpointConfig"], config),
        ...each(["sagemaker:DeleteModel", "sagemaker:DescribeModel"], model),
        // AWS tags sixty kinds of things, and the simulator tries them all: few are enough.
        ...[config, endpoint, model].map((arn) => use("sagemaker:AddTags", arn)),
        use("sagemaker:ListTags", config),
      ],
      "resources of the other stage or of training, tagging model versions",
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
        use("sagemaker:InvokeEndpoint", otherEndpoint),
      ],
    ],
    [
      "EndpointsList",
      "lists endpoint configurations and models, describes scalable targets, reads metrics",
      [
        ...each(
          [
            "application-autoscaling:DescribeScalableTargets",
            "sagemaker:ListEndpointConfigs",
            "sagemaker:ListModels",
          ],
          "*",
        ),
        use(
          "cloudwatch:GetMetricData",
          "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default",
        ),
      ],
      "listing endpoints, training jobs and scaling policies, streaming metrics",
      [
        ...each(
          [
            "application-autoscaling:DescribeScalingPolicies",
            "sagemaker:ListEndpoints",
            "sagemaker:ListTrainingJobs",
          ],
          "*",
        ),
        use("cloudwatch:PutMetricStream", `${metricStreams}/mlops-churn--dev`),
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
  return [describeVersionsRow("ModelVersionsRead")];
}

const listVersions = (prefix: string, context: object = {}) =>
  use("s3:ListBucketVersions", bucket, { "s3:prefix": prefix, ...context });

const staging = ofRole("deploy-staging", [
  [
    "ObjectVersionsList",
    "lists object versions of deployed models and training results",
    [
      listVersions("mlops-churn--dev--models/deployed/7/"),
      listVersions("mlops-churn--dev--training/executions/a1b2c3/Train/"),
    ],
    "other prefixes, no prefix, a bucket of another account, object keys",
    [
      listVersions("mlops-churn--dev--models/captured/"),
      listVersions("mlops-churn--dev--mo/SourceCode/"),
      listVersions("mlops-churn--dev--training/"),
      listVersions(""),
      use("s3:ListBucketVersions", bucket),
      listVersions("mlops-churn--dev--models/deployed/7/", ofOthers),
      use("s3:ListBucket", bucket, { "s3:prefix": "mlops-churn--dev--models/deployed/7/" }),
    ],
  ],
  [
    "ArtifactObjects",
    "writes the Deployment artifact",
    [use("s3:PutObject", `${bucket}/mlops-churn--dev--mo/Deployment/a1b2c3d`)],
    "model archives",
    [use("s3:PutObject", `${written}/Train/output/model.tar.gz`)],
  ],
  [
    "ArtifactObjects",
    "writes deployed models",
    [use("s3:PutObject", deployedModel, { "s3:if-none-match": "*" })],
    "captured requests, other objects of the model package group",
    [
      use("s3:PutObject", `${bucket}/mlops-churn--dev--models/captured/1.jsonl`),
      use("s3:PutObject", `${bucket}/mlops-churn--dev--models/deployed`),
    ],
  ],
  [
    "TrainingResultsRead",
    "reads model archives and evaluation reports, also by version id",
    [
      ...each(["s3:GetObject", "s3:GetObjectVersion"], `${written}/Train/output/model.tar.gz`),
      use("s3:GetObject", `${written}/Evaluate/report/evaluation.json`),
    ],
    "writing model archives, a bucket of another account",
    [
      use("s3:PutObject", `${written}/Train/output/model.tar.gz`),
      use("s3:GetObjectVersion", `${written}/Train/output/model.tar.gz`, ofOthers),
    ],
  ],
  [
    "ModelVersionsRead",
    "describes training jobs of pipeline steps",
    [use("sagemaker:DescribeTrainingJob", `${sagemaker}:training-job/pipelines-abc-train-def`)],
    "jobs of another name, stopping and creating jobs",
    [
      use("sagemaker:DescribeTrainingJob", `${sagemaker}:training-job/payroll`),
      use("sagemaker:StopTrainingJob", `${sagemaker}:training-job/pipelines-abc-train-def`),
      use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/pipelines-abc-train-def`),
    ],
  ],
  [
    "ImageDigest",
    "resolves the tags of images of AWS and of this account",
    [use("ecr:BatchGetImage", dlcImages), use("ecr:BatchGetImage", ownImages)],
    "other regions, downloading layers, pushing images",
    [
      use("ecr:BatchGetImage", dlcImages.replace("us-east-1", "eu-west-1")),
      use("ecr:GetDownloadUrlForLayer", dlcImages),
      use("ecr:GetDownloadUrlForLayer", ownImages),
      use("ecr:PutImage", ownImages),
    ],
  ],
  [
    "ModelVersionsRead",
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

const serverlessMemory = { "sagemaker:ServerlessMemorySize": "2048" };
const ownModel = { "sagemaker:ModelArn": made("model", "staging") };
const configure = (circumstances: object, stage: Stage = "staging") =>
  use("sagemaker:CreateEndpointConfig", made("endpoint-config", stage), {
    ...ownModel,
    ...circumstances,
  });

const serverless = ofRole("deploy-staging", [
  [
    "ModelCreateServerless",
    "creates models of the staging endpoint, which cannot be isolated",
    [
      use("sagemaker:CreateModel", made("model", "staging")),
      use("sagemaker:CreateModel", made("model", "staging"), {
        "sagemaker:NetworkIsolation": "false",
      }),
    ],
    "models of production, models of training",
    [
      use("sagemaker:CreateModel", made("model", "prod")),
      use("sagemaker:CreateModel", made("model", "prod"), isolated),
      use("sagemaker:CreateModel", `${sagemaker}:model/pipelines-abc-step-def`),
    ],
  ],
  [
    "EndpointConfigCreateServerless",
    "creates endpoint configurations with a serverless variant",
    [configure(serverlessMemory)],
    "instances, a serverless variant beside instances, a volume key, other models, production",
    [
      configure({ ...underKey, ...on("ml.m5.large") }),
      configure(on("ml.g5.xlarge")),
      configure({ ...serverlessMemory, ...on("ml.m5.large") }),
      configure({ ...serverlessMemory, ...underKey }),
      configure({}),
      configure({
        ...serverlessMemory,
        "sagemaker:ModelArn": `${sagemaker}:model/pipelines-abc-step-def`,
      }),
      configure({ ...serverlessMemory, "sagemaker:ModelArn": made("model", "prod") }, "prod"),
    ],
  ],
]);

const prod = ofRole("deploy-prod", [
  [
    "SampleRequestsRead",
    "reads sample requests",
    [use("s3:GetObject", `${written}/Evaluate/sample/request.csv`)],
    "another bucket owner, by version id, writing sample requests",
    [
      use("s3:GetObject", `${written}/Evaluate/sample/request.csv`, ofOthers),
      use("s3:GetObjectVersion", `${written}/Evaluate/sample/request.csv`),
      use("s3:PutObject", `${written}/Evaluate/sample/request.csv`),
    ],
  ],
  stagingEndpointRow,
  lifeCycleRow("Archived", "Production"),
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
      ...modelsOf(),
      ...endpointOf(stage, other),
      ...scalingRows(stage, other),
      ...canaryRows(stage, other),
      ...(stage === "staging" ? createScheduleRows : renewScheduleRows),
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
  ...serverless,
  ...prod,
];

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

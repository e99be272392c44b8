import { bucket, key, roleArn, session } from "../support/court";
import { sagemaker } from "./account";
import { each, type Never, use } from "./row";

const delivery = "us-east-1:123456789012:sagemaker-churn-dev-modeldeploy";
const pipeline = `arn:aws:codepipeline:${delivery}`;
const repository = `arn:aws:codecommit:${delivery}`;
const approval = `${pipeline}/DeployStaging/ApproveDeployment`;
const version = `${sagemaker}:model-package/churn-dev/7`;
const config = (stage: string) => `${sagemaker}:endpoint-config/churn-dev-${stage}-7-0a1b2c3d`;
const model = (stage: string) => `${sagemaker}:model/churn-dev-${stage}-7-0a1b2c3d`;
const endpoint = (stage: string) => `${sagemaker}:endpoint/churn-dev-${stage}`;
const state = (stage: string) =>
  `${bucket}-state/${stage}/.pulumi/stacks/model-endpoint/${stage}.json`;
const secret = (stage: string) => ({ "kms:EncryptionContext:stack": `churn-dev-${stage}` });
const artifact = (name: string) => `${bucket}/sagemaker-churn-dev-/${name}/a1b2c3d`;
const archive = `${bucket}/churn-dev/executions/a1b2c3/Train/output/model.tar.gz`;
const captured = `${bucket}/churn-dev/captured/churn-dev-prod/AllTraffic/1.jsonl`;
const approved = { "sagemaker:ModelApprovalStatus": "Approved" };
const isolated = { "sagemaker:NetworkIsolation": "true" };
const underKey = { "sagemaker:VolumeKmsKeyArn": key };

/** Whoever runs code that somebody has pushed or trained, by what people call him. */
const builds = [
  ["the build", "build"],
  ["training", "execution"],
  ["staging's build", "deploy-staging"],
  ["the test", "test-staging"],
  ["production's build", "deploy-prod"],
  ["staging's model", "serve-staging"],
  ["production's model", "serve-prod"],
] as const;

const withoutProd = builds.filter(([, role]) => role !== "deploy-prod");
const modelBuild = builds.slice(0, 2);

/** Everything by which production could be made to run something else, of each who is not its build. */
const intoProduction: readonly Never[] = withoutProd.flatMap(([who, role]) =>
  (
    [
      ["updates production's endpoint", use("sagemaker:UpdateEndpoint", endpoint("prod"))],
      ["takes production's endpoint away", use("sagemaker:DeleteEndpoint", endpoint("prod"))],
      ["says how production runs", use("sagemaker:CreateEndpointConfig", config("prod"), underKey)],
      [
        "takes away what production would go back to",
        use("sagemaker:DeleteEndpointConfig", config("prod")),
      ],
      ["makes a model of production", use("sagemaker:CreateModel", model("prod"), isolated)],
      ["says which version production runs", use("sagemaker:AddTags", config("prod"))],
      ["writes production's state", use("s3:PutObject", state("prod"))],
      ["reads production's state", use("s3:GetObject", state("prod"))],
      ["decrypts the secrets of production's state", use("kms:Decrypt", key, secret("prod"))],
      [
        "passes production's models their role",
        use("iam:PassRole", roleArn("serve-prod"), {
          "iam:PassedToService": "sagemaker.amazonaws.com",
        }),
      ],
      ["silences what rolls production back", silence("prod")],
      ["assumes the role of production's build", use("sts:AssumeRole", roleArn("deploy-prod"))],
    ] as const
  ).map(([what, does]): Never => [`${who} ${what}`, session(role), does]),
);

/** Who decides. */
const decisions: readonly Never[] = builds.flatMap(([who, role]) =>
  (
    [
      ["lets a version into production", use("codepipeline:PutApprovalResult", approval)],
      ["starts a deployment", use("codepipeline:StartPipelineExecution", pipeline)],
      [
        "repeats a stage of a deployment",
        use("codepipeline:RetryStageExecution", `${pipeline}/DeployProd`),
      ],
      ["changes how deployments run", use("codepipeline:UpdatePipeline", pipeline)],
      [
        "skips the approval of deployments",
        use("codepipeline:DisableStageTransition", `${pipeline}/DeployStaging`),
      ],
      ["pushes code of deployments", use("codecommit:GitPush", repository)],
      [
        "changes what production's build runs",
        use(
          "codebuild:UpdateProject",
          "arn:aws:codebuild:us-east-1:123456789012:project/sagemaker-churn-dev-deploy-prod",
        ),
      ],
      [
        "starts production's build by hand",
        use(
          "codebuild:StartBuild",
          "arn:aws:codebuild:us-east-1:123456789012:project/sagemaker-churn-dev-deploy-prod",
        ),
      ],
      ["replaces the source of a deployment", use("s3:PutObject", artifact("SourceCode"))],
    ] as const
  ).map(([what, does]): Never => [`${who} ${what}`, session(role), does]),
);

const notStaging = builds.filter(([, role]) => role !== "deploy-staging");
const deployers = builds.slice(2);

/** What must never happen where models are deployed. */
export const deployNever: readonly Never[] = [
  ...intoProduction,
  ...decisions,
  ...notStaging.map(([who, role]): Never => [
    `${who} says which version production's build takes`,
    session(role),
    use("s3:PutObject", artifact("Deployment")),
  ]),
  ...deployers.flatMap(([who, role]): Never[] => [
    [
      `${who} approves a model`,
      session(role),
      use("sagemaker:UpdateModelPackage", version, approved),
    ],
    [
      `${who} registers a model`,
      session(role),
      use("sagemaker:CreateModelPackage", version, approved),
    ],
    [`${who} writes over a model`, session(role), use("s3:PutObject", archive)],
    [`${who} reads what production was asked`, session(role), use("s3:GetObject", captured)],
    [`${who} reads training data`, session(role), use("s3:GetObject", `${bucket}/data.csv`)],
    [
      `${who} reads the data that training may`,
      session(role),
      use("s3:GetObject", "arn:aws:s3:::churn-data/data.csv"),
    ],
    [
      `${who} deletes a version`,
      session(role),
      use("s3:DeleteObjectVersion", artifact("Deployment")),
    ],
    [`${who} decrypts with the key directly`, session(role), use("kms:Decrypt", key)],
    [`${who} changes the key's policy`, session(role), use("kms:PutKeyPolicy", key)],
    [`${who} changes its own policy`, session(role), use("iam:PutRolePolicy", roleArn(role))],
  ]),
  ...["deploy", "approval"].map((role): Never => [
    `the ${role} role lets a version into production`,
    session(role),
    use("codepipeline:PutApprovalResult", approval),
  ]),
  ...modelBuild.map(([who, role]): Never => [
    `${who} writes staging's state`,
    session(role),
    use("s3:PutObject", state("staging")),
  ]),
  ...each(["sagemaker:UpdateEndpoint", "sagemaker:DeleteEndpoint"], endpoint("staging")).map(
    (does): Never => [
      `the test uses ${does.action} on staging's endpoint`,
      session("test-staging"),
      does,
    ],
  ),
  [
    "the test invokes production",
    session("test-staging"),
    use("sagemaker:InvokeEndpoint", endpoint("prod")),
  ],
  [
    "the test reads staging's state",
    session("test-staging"),
    use("s3:GetObject", state("staging")),
  ],
  [
    "production's build writes staging's state",
    session("deploy-prod"),
    use("s3:PutObject", state("staging")),
  ],
  [
    "production's build decrypts the secrets of staging's state",
    session("deploy-prod"),
    use("kms:Decrypt", key, secret("staging")),
  ],
  [
    "production's build invokes what it deploys",
    session("deploy-prod"),
    use("sagemaker:InvokeEndpoint", endpoint("prod")),
  ],
  [
    "production's build makes a model that has a network",
    session("deploy-prod"),
    use("sagemaker:CreateModel", model("prod"), { "sagemaker:NetworkIsolation": "false" }),
  ],
  [
    "production's build runs a model on volumes that are not under the key",
    session("deploy-prod"),
    use("sagemaker:CreateEndpointConfig", config("prod"), {
      "sagemaker:InstanceTypes": ["ml.m5.large"],
    }),
  ],
  [
    "production's build runs a model that training made",
    session("deploy-prod"),
    use("sagemaker:CreateEndpointConfig", config("prod"), {
      ...underKey,
      "sagemaker:ModelArn": `${sagemaker}:model/pipelines-abc-step-def`,
    }),
  ],
  [
    "production's build runs a model with the role of training",
    session("deploy-prod"),
    use("iam:PassRole", roleArn("execution"), { "iam:PassedToService": "sagemaker.amazonaws.com" }),
  ],
];

function silence(stage: string) {
  return use(
    "cloudwatch:DeleteAlarms",
    `arn:aws:cloudwatch:us-east-1:123456789012:alarm:churn-dev-${stage}-errors`,
  );
}

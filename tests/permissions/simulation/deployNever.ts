import { bucket, key, roleArn, session } from "../../support/policySet";
import { sagemaker } from "./account";
import { each, type Never, use } from "./row";

const delivery = "us-east-1:123456789012:mlops-churn--dev--modeldeploy";
const pipeline = `arn:aws:codepipeline:${delivery}`;
const repository = `arn:aws:codecommit:${delivery}`;
const approval = `${pipeline}/DeployStaging/ApproveDeployment`;
const version = `${sagemaker}:model-package/mlops-churn--dev--models/7`;
const config = (stage: string) =>
  `${sagemaker}:endpoint-config/mlops-churn--dev--${stage}-7-0a1b2c3d`;
const model = (stage: string) => `${sagemaker}:model/mlops-churn--dev--${stage}-7-0a1b2c3d`;
const endpoint = (stage: string) => `${sagemaker}:endpoint/mlops-churn--dev--${stage}`;
const artifact = (name: string) => `${bucket}/mlops-churn--dev--mo/${name}/a1b2c3d`;
const archive = `${bucket}/mlops-churn--dev--training/executions/a1b2c3/Train/output/model.tar.gz`;
const captured = `${bucket}/mlops-churn--dev--models/captured/mlops-churn--dev--prod/AllTraffic/1.jsonl`;
const approved = { "sagemaker:ModelApprovalStatus": "Approved" };
const isolated = { "sagemaker:NetworkIsolation": "true" };
const underKey = { "sagemaker:VolumeKmsKeyArn": key };

/** Roles that run code from a repository or a trained model. */
export const roles = [
  ["the build role", "build"],
  ["the execution role", "execution"],
  ["the deploy-staging role", "deploy-staging"],
  ["the test-staging role", "test-staging"],
  ["the deploy-prod role", "deploy-prod"],
  ["the serve-staging role", "serve-staging"],
  ["the serve-prod role", "serve-prod"],
  ["the deploy-queue role", "deploy-queue"],
] as const;

const withoutProd = roles.filter(([, role]) => role !== "deploy-prod");

/** Calls that change production; only the deploy-prod role may make them. */
const intoProduction: readonly Never[] = withoutProd.flatMap(([subject, role]) =>
  (
    [
      ["updates the production endpoint", use("sagemaker:UpdateEndpoint", endpoint("prod"))],
      ["deletes the production endpoint", use("sagemaker:DeleteEndpoint", endpoint("prod"))],
      [
        "creates endpoint configurations for production",
        use("sagemaker:CreateEndpointConfig", config("prod"), underKey),
      ],
      [
        "deletes endpoint configurations of production",
        use("sagemaker:DeleteEndpointConfig", config("prod")),
      ],
      [
        "creates SageMaker models for production",
        use("sagemaker:CreateModel", model("prod"), isolated),
      ],
      ["tags endpoint configurations of production", use("sagemaker:AddTags", config("prod"))],
      [
        "passes the serve-prod role to SageMaker",
        use("iam:PassRole", roleArn("serve-prod"), {
          "iam:PassedToService": "sagemaker.amazonaws.com",
        }),
      ],
      ["deletes the alarms of production", deleteAlarms("prod")],
      ["assumes the deploy-prod role", use("sts:AssumeRole", roleArn("deploy-prod"))],
    ] as const
  ).map(([predicate, does]): Never => [`${subject} ${predicate}`, session(role), does]),
);

/** Calls that approve, start or change deployments. */
const decisions: readonly Never[] = roles.flatMap(([subject, role]) =>
  (
    [
      ["approves deployments to production", use("codepipeline:PutApprovalResult", approval)],
      ["starts deployments", use("codepipeline:StartPipelineExecution", pipeline)],
      [
        "retries stages of deployments",
        use("codepipeline:RetryStageExecution", `${pipeline}/DeployProd`),
      ],
      ["updates the deployment pipeline", use("codepipeline:UpdatePipeline", pipeline)],
      [
        "disables stage transitions of the deployment pipeline",
        use("codepipeline:DisableStageTransition", `${pipeline}/DeployStaging`),
      ],
      [
        "pushes to the repository of the deployment pipeline",
        use("codecommit:GitPush", repository),
      ],
      [
        "updates the CodeBuild project deploy-prod",
        use(
          "codebuild:UpdateProject",
          "arn:aws:codebuild:us-east-1:123456789012:project/mlops-churn--dev--deploy-prod",
        ),
      ],
      [
        "starts the CodeBuild project deploy-prod",
        use(
          "codebuild:StartBuild",
          "arn:aws:codebuild:us-east-1:123456789012:project/mlops-churn--dev--deploy-prod",
        ),
      ],
      ["replaces the source artifact of deployments", use("s3:PutObject", artifact("SourceCode"))],
    ] as const
  ).map(([predicate, does]): Never => [`${subject} ${predicate}`, session(role), does]),
);

const notStaging = roles.filter(([, role]) => role !== "deploy-staging");
const deployers = roles.slice(2);

/** Denied calls of projects with deployment. */
export const deployNever: readonly Never[] = [
  ...intoProduction,
  ...decisions,
  ...notStaging.map(([subject, role]): Never => [
    `${subject} replaces the Deployment artifact`,
    session(role),
    use("s3:PutObject", artifact("Deployment")),
  ]),
  ...deployers.flatMap(([subject, role]): Never[] => [
    [
      `${subject} approves model versions`,
      session(role),
      use("sagemaker:UpdateModelPackage", version, approved),
    ],
    [
      `${subject} registers model versions`,
      session(role),
      use("sagemaker:CreateModelPackage", version, approved),
    ],
    [`${subject} overwrites model archives`, session(role), use("s3:PutObject", archive)],
    [
      `${subject} reads captured requests of production`,
      session(role),
      use("s3:GetObject", captured),
    ],
    [
      `${subject} reads other objects of the artifact bucket`,
      session(role),
      use("s3:GetObject", `${bucket}/data.csv`),
    ],
    [
      `${subject} reads the training data buckets`,
      session(role),
      use("s3:GetObject", "arn:aws:s3:::churn-data/data.csv"),
    ],
    [
      `${subject} deletes object versions of artifacts`,
      session(role),
      use("s3:DeleteObjectVersion", artifact("Deployment")),
    ],
    [
      `${subject} decrypts with the KMS key outside Amazon S3`,
      session(role),
      use("kms:Decrypt", key),
    ],
    [`${subject} changes the KMS key policy`, session(role), use("kms:PutKeyPolicy", key)],
    [
      `${subject} changes its own role policy`,
      session(role),
      use("iam:PutRolePolicy", roleArn(role)),
    ],
  ]),
  ...roles.map(([subject, role]): Never => [
    `${subject} approves model versions with a life-cycle stage`,
    session(role),
    use("sagemaker:UpdateModelPackage", version, {
      ...approved,
      "sagemaker:ModelLifeCycle:Stage": "Production",
    }),
  ]),
  ...["deploy", "approval-rule"].map((role): Never => [
    `the ${role} role approves deployments to production`,
    session(role),
    use("codepipeline:PutApprovalResult", approval),
  ]),
  ...each(["sagemaker:UpdateEndpoint", "sagemaker:DeleteEndpoint"], endpoint("staging")).map(
    (does): Never => [
      `the test-staging role calls ${does.action} on the staging endpoint`,
      session("test-staging"),
      does,
    ],
  ),
  [
    "the test-staging role invokes the production endpoint",
    session("test-staging"),
    use("sagemaker:InvokeEndpoint", endpoint("prod")),
  ],
  ...["deploy-staging", "deploy-queue", "expire-staging"].map((role): Never => [
    `the ${role} role invokes the production endpoint`,
    session(role),
    use("sagemaker:InvokeEndpoint", endpoint("prod")),
  ]),
  ...["deploy-prod", "deploy-queue", "expire-staging"].map((role): Never => [
    `the ${role} role invokes the staging endpoint`,
    session(role),
    use("sagemaker:InvokeEndpoint", endpoint("staging")),
  ]),
  [
    "the deploy-prod role creates models without network isolation",
    session("deploy-prod"),
    use("sagemaker:CreateModel", model("prod"), { "sagemaker:NetworkIsolation": "false" }),
  ],
  [
    "the deploy-prod role creates endpoint configurations without the KMS key",
    session("deploy-prod"),
    use("sagemaker:CreateEndpointConfig", config("prod"), {
      "sagemaker:InstanceTypes": ["ml.m5.large"],
    }),
  ],
  [
    "the deploy-prod role creates endpoint configurations for models of SageMaker pipeline steps",
    session("deploy-prod"),
    use("sagemaker:CreateEndpointConfig", config("prod"), {
      ...underKey,
      "sagemaker:ModelArn": `${sagemaker}:model/pipelines-abc-step-def`,
    }),
  ],
  [
    "the deploy-prod role passes the execution role to SageMaker",
    session("deploy-prod"),
    use("iam:PassRole", roleArn("execution"), { "iam:PassedToService": "sagemaker.amazonaws.com" }),
  ],
];

function deleteAlarms(stage: string) {
  return use(
    "cloudwatch:DeleteAlarms",
    `arn:aws:cloudwatch:us-east-1:123456789012:alarm:mlops-churn--dev--${stage}-errors`,
  );
}

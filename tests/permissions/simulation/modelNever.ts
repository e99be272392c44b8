import type { RequiredAction } from "../../../local/iam/contract";
import type { Actor } from "../../../local/iam/simulate";
import { bucket, key, session } from "../../support/policySet";
import { deployedModel, dlcImages, otherKey, outsider, ownImages, sagemaker } from "./account";
import { roles } from "./deployNever";
import { type Call, type Never, use } from "./row";

const once = { "s3:if-none-match": "*" };
const administrator = outsider("platform");
const unnamed = ownImages.replace("ml/model", "ml/payroll");
const alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm";
const terminate = "arn:aws:automate:us-east-1:ec2:terminate";

/** Roles that write or run code, and principals whose identity policy allows every action. */
const principals: readonly (readonly [subject: string, who: Actor])[] = [
  ...roles.map(([subject, role]) => [subject, session(role)] as const),
  ["the pipeline role", session("pipeline")],
  ["the deploy role", session("deploy")],
  ["an administrator", administrator],
  ["a role that may do everything", outsider("anybody")],
  ["a role of another account", outsider("stranger", "210987654321")],
];

/** Calls that change a deployed model; writing it once is the deploy-staging role's. */
const changeModels: readonly Never[] = principals.flatMap(([subject, who]): Never[] => [
  ...(subject === "the deploy-staging role"
    ? []
    : [[`${subject} writes deployed models`, who, putModel(once)] as const]),
  [`${subject} overwrites deployed models`, who, putModel({})],
  [
    `${subject} uploads deployed models in parts`,
    who,
    putModel({ "s3:ObjectCreationOperation": "false" }),
  ],
  [`${subject} deletes deployed models`, who, use("s3:DeleteObject", deployedModel)],
  [
    `${subject} deletes versions of deployed models`,
    who,
    use("s3:DeleteObjectVersion", deployedModel),
  ],
  [`${subject} replicates into deployed models`, who, use("s3:ReplicateObject", deployedModel)],
]);

const builds = ["staging", "prod"].flatMap((stage): Never[] => {
  const [subject, who] = [`the deploy-${stage} role`, session(`deploy-${stage}`)];
  const put = (name: string) =>
    use("cloudwatch:PutMetricAlarm", `${alarm}:${name}`, {
      "cloudwatch:AlarmActions": [terminate],
    });
  const endpoint = `mlops-churn--dev--${stage}`;
  const list = (context: RequiredAction["context"]) =>
    use("s3:ListBucketVersions", bucket, context);
  return [
    [`${subject} creates alarms of the endpoint with an action`, who, put(`${endpoint}-errors`)],
    [
      `${subject} creates target tracking alarms that terminate instances`,
      who,
      put(`TargetTracking-endpoint/${endpoint}/variant/AllTraffic-AlarmHigh-1`),
    ],
    [`${subject} pulls images of this account`, who, use("ecr:GetDownloadUrlForLayer", unnamed)],
    [`${subject} lists object versions of the whole bucket`, who, list({})],
    [
      `${subject} lists object versions of captured requests`,
      who,
      list({ "s3:prefix": "mlops-churn--dev--models/captured/" }),
    ],
    [
      `${subject} lists object versions of source artifacts`,
      who,
      list({ "s3:prefix": "mlops-churn--dev--mo/" }),
    ],
  ];
});

/** Further denied calls of projects with deployment: deployed models, alarms, images, versions. */
export const modelNever: readonly Never[] = [
  ...changeModels,
  ...builds,
  [
    "the deploy-prod role reads images of other accounts",
    session("deploy-prod"),
    use("ecr:BatchGetImage", dlcImages),
  ],
  // It reads the sample requests of a canary; the models are a copy that staging has written.
  ...["s3:GetObjectVersion", "s3:PutObject"].map((action): Never => [
    `the deploy-prod role calls ${action} on training results`,
    session("deploy-prod"),
    use(action, `${bucket}/mlops-churn--dev--training/executions/a1b2c3/Train/model.tar.gz`),
  ]),
  [
    "the deploy-prod role lists object versions of deployed models",
    session("deploy-prod"),
    use("s3:ListBucketVersions", bucket, { "s3:prefix": "mlops-churn--dev--models/deployed/7/" }),
  ],
  [
    "the deploy-prod role describes training jobs",
    session("deploy-prod"),
    use("sagemaker:DescribeTrainingJob", `${sagemaker}:training-job/pipelines-abc-train-def`),
  ],
  ["the serve-prod role loads archives of training", session("serve-prod"), readArchive()],
  ["the serve-staging role loads archives of training", session("serve-staging"), readArchive()],
  ...serverless("prod"),
];

/** Denied calls of projects whose staging endpoint has instances. */
export const instancesNever: readonly Never[] = serverless("staging");

function serverless(stage: string): Never[] {
  const name = `mlops-churn--dev--${stage}-7-0a1b2c3d`;
  const who = session(`deploy-${stage}`);
  return [
    [
      `the deploy-${stage} role creates models that are not isolated`,
      who,
      use("sagemaker:CreateModel", `${sagemaker}:model/${name}`),
    ],
    [
      `the deploy-${stage} role creates endpoint configurations with a serverless variant`,
      who,
      use("sagemaker:CreateEndpointConfig", `${sagemaker}:endpoint-config/${name}`, {
        "sagemaker:ModelArn": `${sagemaker}:model/${name}`,
        "sagemaker:ServerlessMemorySize": "2048",
      }),
    ],
  ];
}

/** Roles outside the project to which AWS-managed policies grant access by name. */
const outsiders = [
  [
    "the CodeBuild role of another SageMaker project, which AWS allows sagemaker-*",
    outsider("AmazonSageMakerServiceCatalogProductsCodeBuildRole"),
  ],
  [
    "a role with AmazonSageMakerFullAccess, which AWS allows *sagemaker*",
    outsider("AmazonSageMaker-ExecutionRole"),
  ],
] as const;

/** Objects that production executes or loads. */
const inputs = [
  ["the source artifact of deployments", `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`],
  ["the Deployment artifact", `${bucket}/mlops-churn--dev--mo/Deployment/a1b2c3d`],
  ["deployed models", deployedModel],
] as const;

const encryption = "s3:x-amz-server-side-encryption";
const encryptions: readonly (readonly [
  how: string,
  headers: Readonly<Record<string, string>>,
  keyArn?: string,
])[] = [
  ["with the bucket's default encryption", {}, key],
  ["with the project key", { [encryption]: "aws:kms", [`${encryption}-aws-kms-key-id`]: key }, key],
  [
    "with another key",
    { [encryption]: "aws:kms", [`${encryption}-aws-kms-key-id`]: otherKey },
    otherKey,
  ],
  ["with the key aws/s3", { [encryption]: "aws:kms" }],
  ["with AES256", { [encryption]: "AES256" }],
  ["with a key of its own", { [`${encryption}-customer-algorithm`]: "AES256" }],
];

/** Upload by a principal outside the project: the calls that it needs, of which IAM must deny one. */
export interface Upload {
  readonly sentence: string;
  readonly calls: readonly Call[];
}

/** Uploads with every encryption, even with an identity policy that allows all actions. */
export const uploads: readonly Upload[] = outsiders.flatMap(([subject, who]) =>
  inputs.flatMap(([what, object]) =>
    encryptions.map(([how, headers, keyArn]): Upload => ({
      sentence: `${subject}, writes ${what} ${how}`,
      calls: [
        [who, use("s3:PutObject", object, { ...once, ...headers })],
        ...(keyArn === undefined
          ? []
          : [
              [
                who,
                use("kms:GenerateDataKey", keyArn, {
                  "kms:ViaService": "s3.us-east-1.amazonaws.com",
                }),
              ] satisfies Call,
            ]),
      ],
    })),
  ),
);

function putModel(context: RequiredAction["context"]): RequiredAction {
  return use("s3:PutObject", deployedModel, context);
}

function readArchive(): RequiredAction {
  return use(
    "s3:GetObject",
    `${bucket}/mlops-churn--dev--training/executions/a1b2c3/Train/model.tar.gz`,
  );
}

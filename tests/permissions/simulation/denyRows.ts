import { bucket, key, projectTopic, queue, session, upload } from "../../support/policySet";
import { deployedModel, otherKey, outsider } from "./account";
import { type Call, use } from "./row";

/** Deny statement with calls that it denies and similar calls that it leaves allowed. */
export interface DenyRow {
  /** As `artifacts DenySseC`. */
  readonly statement: string;
  /** Second statement that the simulated project must have. */
  readonly beside?: string;
  readonly denies: string;
  readonly calls: readonly Call[];
  readonly allows: string;
  readonly others: readonly Call[];
}

const build = session("build");
const anybody = outsider("anybody");
const artifact = `${bucket}/model.tar.gz`;
const source = `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d.zip`;
const publish = use("sns:Publish", projectTopic);
const underKms = (id: string) => upload({ "": "aws:kms", "-aws-kms-key-id": id });

function insecure(carrier: string, [who, does]: Call): DenyRow {
  const tls = (value: string): Call => [
    who,
    { ...does, context: { "aws:SecureTransport": value } },
  ];
  return {
    statement: `${carrier} DenyInsecureTransport`,
    denies: `denies ${does.action} without TLS`,
    calls: [tls("false")],
    allows: "TLS",
    others: [tls("true")],
  };
}

function oldTls(carrier: string, [who, does]: Call): DenyRow {
  const version = (value: string): Call => [who, { ...does, context: { "s3:TlsVersion": value } }];
  return {
    statement: `${carrier} DenyTlsBelow12`,
    denies: `denies ${does.action} with TLS 1.1`,
    calls: [version("1.1")],
    allows: "TLS 1.2",
    others: [version("1.2")],
  };
}

function protectsHistory(carrier: string, arn: string): DenyRow {
  const history: readonly Call["1"][] = [
    use("s3:DeleteObjectVersion", `${arn}/a`),
    use("s3:DeleteBucket", arn),
    use("s3:PutBucketVersioning", arn),
    use("s3:PutLifecycleConfiguration", arn),
    use("s3:PutBucketPolicy", arn),
    use("s3:DeleteBucketPolicy", arn),
  ];
  return {
    statement: `${carrier} DenyVersionDeletion`,
    denies: `denies deleting object versions and changing versioning, lifecycle and policy`,
    calls: history.map((does) => [anybody, does]),
    allows: "administrators, s3:DeleteObject (keeps the object version)",
    others: [
      ...history.map((does): Call => [outsider("platform"), does]),
      [anybody, use("s3:DeleteObject", `${arn}/a`)],
    ],
  };
}

/** Upload of a deployed model, as staging's build does it. */
const uploadModel = use("s3:PutObject", deployedModel, { "s3:if-none-match": "*" });

function overwriteModel(context: Readonly<Record<string, string>>): Call {
  return [session("deploy-staging"), use("s3:PutObject", deployedModel, context)];
}

/** Rows of the deny statements for deployed models. */
const deployedModelRows: readonly DenyRow[] = [
  {
    statement: "artifacts DenyDeployedModelWrites",
    denies: "denies every role but deploy-staging writing or replicating deployed models",
    calls: [
      ...["build", "execution", "pipeline", "deploy"].map((role): Call => [
        session(role),
        uploadModel,
      ]),
      [anybody, uploadModel],
      [outsider("platform"), uploadModel],
      [anybody, use("s3:ReplicateObject", deployedModel)],
    ],
    allows: "the deploy-staging role, other objects, reading",
    others: [
      [session("deploy-staging"), uploadModel],
      [session("execution"), upload({})],
      [anybody, use("s3:GetObject", deployedModel)],
    ],
  },
  {
    statement: "artifacts DenyDeployedModelOverwrite",
    denies: "denies the deploy-staging role uploads without If-None-Match, in parts, and copies",
    calls: [
      overwriteModel({}),
      overwriteModel({ "s3:ObjectCreationOperation": "false" }),
      overwriteModel({ "s3:if-match": "0a1b2c3d" }),
      overwriteModel({ "s3:x-amz-copy-source": "mlops-churn--dev--eb805c6c/model.tar.gz" }),
    ],
    allows: "uploads with If-None-Match",
    others: [[session("deploy-staging"), uploadModel]],
  },
  {
    statement: "artifacts DenyDeployedModelDeletion",
    denies: "denies administrators and every other principal deleting deployed models",
    calls: [
      [anybody, use("s3:DeleteObject", deployedModel)],
      ...["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete"].map((action): Call => [
        outsider("platform"),
        use(action, deployedModel),
      ]),
    ],
    allows: "other objects",
    others: [
      [anybody, use("s3:DeleteObject", artifact)],
      [outsider("platform"), use("s3:DeleteObjectVersion", artifact)],
    ],
  },
];

const inFolder = (artifact: string) => `${bucket}/mlops-churn--dev--mo/${artifact}/a1b2c3d`;
// Should CodePipeline no longer cut names short.
const uncut = (artifact: string) =>
  `${bucket}/mlops-churn--dev--modeldeploy/${artifact}/a1b2c3d.zip`;

function overwrites(role: string, artifact: string): Call[] {
  return [inFolder(artifact), uncut(artifact)].map((arn) => [
    session(role),
    use("s3:PutObject", arn),
  ]);
}

/** Rows of the deny statements of a deployment. */
const deployDenyRows: readonly DenyRow[] = [
  ...deployedModelRows,
  {
    statement: "artifacts DenyDeploySourceOverwrite",
    denies: "denies deployment builds overwriting the source artifact",
    calls: [
      ...["test-staging", "deploy-staging"].flatMap((role) => overwrites(role, "SourceCode")),
      // Where names are cut short, the build's own Deny statement covers these as well.
      [build, use("s3:PutObject", uncut("SourceCode"))],
      [session("execution"), use("s3:PutObject", uncut("SourceCode"))],
    ],
    allows: "the deploy role, other artifacts",
    others: [
      [session("deploy"), use("s3:PutObject", inFolder("SourceCode"))],
      [session("deploy-staging"), use("s3:PutObject", inFolder("Deployment"))],
      [session("test-staging"), use("s3:PutObject", inFolder("TestResult"))],
    ],
  },
  {
    statement: "artifacts DenyDeploymentOverwrite",
    denies: "denies roles other than deploy-staging overwriting the Deployment artifact",
    calls: [
      ...overwrites("test-staging", "Deployment"),
      [build, use("s3:PutObject", uncut("Deployment"))],
      [session("execution"), use("s3:PutObject", uncut("Deployment"))],
    ],
    allows: "the deploy-staging role, test results",
    others: [
      ...overwrites("deploy-staging", "Deployment"),
      [session("test-staging"), use("s3:PutObject", inFolder("TestResult"))],
    ],
  },
  {
    statement: "artifacts DenyTestResultsOverwrite",
    denies: "denies roles other than test-staging overwriting the test results",
    calls: [
      ...overwrites("deploy-staging", "TestResults"),
      [build, use("s3:PutObject", uncut("TestResults"))],
      [session("execution"), use("s3:PutObject", uncut("TestResults"))],
    ],
    allows: "the test-staging role, the Deployment artifact",
    others: [
      ...overwrites("test-staging", "TestResults"),
      [session("deploy-staging"), use("s3:PutObject", inFolder("Deployment"))],
    ],
  },
];

/** Rows of all deny statements. */
export const denyRows: readonly DenyRow[] = [
  insecure("artifacts", [build, use("s3:GetObject", artifact)]),
  oldTls("artifacts", [build, use("s3:GetObject", artifact)]),
  insecure("access-logs", [anybody, use("s3:GetObject", `${bucket}-logs/2026-11-24`)]),
  oldTls("access-logs", [anybody, use("s3:GetObject", `${bucket}-logs/2026-11-24`)]),
  insecure("notifications", [session("notifications"), publish]),
  insecure("undelivered-events", [anybody, use("sqs:ReceiveMessage", queue)]),
  {
    statement: "artifacts DenyNonKmsUploads",
    denies: "denies uploads with SSE-S3 (AES256)",
    calls: [[build, upload({ "": "AES256" })]],
    allows: "uploads without encryption headers (bucket default: the KMS key)",
    others: [[build, upload({})]],
  },
  {
    statement: "artifacts DenyOtherKmsKey",
    denies: "denies uploads with another KMS key, a key alias or a key id",
    calls: [
      [build, underKms(otherKey)],
      [build, underKms("alias/mlops-churn--dev")],
      [build, underKms(key.split("/")[1] ?? "")],
    ],
    allows: "uploads with the key ARN",
    others: [[build, underKms(key)]],
  },
  {
    statement: "artifacts DenyKmsWithoutKeyId",
    denies: "denies SSE-KMS uploads without a key id",
    calls: [[build, upload({ "": "aws:kms" })]],
    allows: "uploads with the key ARN",
    others: [[build, underKms(key)]],
  },
  {
    statement: "artifacts DenySseC",
    denies: "denies uploads with SSE-C",
    calls: [[build, upload({ "-customer-algorithm": "AES256" })]],
    allows: "uploads without SSE-C",
    others: [[build, upload({})]],
  },
  {
    statement: "artifacts DenySourceOverwrite",
    denies: "denies the build and execution roles overwriting the source artifact",
    calls: [
      [build, use("s3:PutObject", source)],
      [session("execution"), use("s3:PutObject", source)],
    ],
    allows: "the pipeline role, other objects",
    others: [
      [session("pipeline"), use("s3:PutObject", source)],
      [build, upload({})],
      [session("execution"), use("s3:PutObject", artifact)],
    ],
  },
  protectsHistory("artifacts", bucket),
  {
    statement: "notifications DenyOtherPublishers",
    denies: "denies publishing by other roles of the account",
    calls: [
      [anybody, publish],
      [outsider("platform"), publish],
    ],
    allows: "publishing by the notifications role, subscribing",
    others: [
      [session("notifications"), publish],
      [anybody, use("sns:Subscribe", projectTopic)],
    ],
  },
  ...deployDenyRows,
];

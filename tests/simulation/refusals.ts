import { bucket, key, projectTopic, queue, session, upload } from "../support/court";
import { otherKey, outsider } from "./account";
import { type Call, use } from "./row";

/** A sentence about one statement that denies: what it refuses, and what it leaves alone. */
export interface Refusal {
  /** As `artifacts DenySseC`. */
  readonly statement: string;
  readonly refuses: string;
  readonly calls: readonly Call[];
  readonly takes: string;
  readonly others: readonly Call[];
}

const build = session("build");
const anybody = outsider("anybody");
const artifact = `${bucket}/model.tar.gz`;
const source = `${bucket}/sagemaker-churn-dev-/SourceCode/a1b2c3d.zip`;
const publish = use("sns:Publish", projectTopic);
const underKms = (id: string) => upload({ "": "aws:kms", "-aws-kms-key-id": id });

function insecure(carrier: string, [who, does]: Call): Refusal {
  const tls = (value: string): Call => [
    who,
    { ...does, context: { "aws:SecureTransport": value } },
  ];
  return {
    statement: `${carrier} DenyInsecureTransport`,
    refuses: `${does.action} of the ${carrier} without TLS`,
    calls: [tls("false")],
    takes: "with TLS",
    others: [tls("true")],
  };
}

function oldTls(carrier: string, [who, does]: Call): Refusal {
  const version = (value: string): Call => [who, { ...does, context: { "s3:TlsVersion": value } }];
  return {
    statement: `${carrier} DenyTlsBelow12`,
    refuses: `${does.action} of the ${carrier} over TLS 1.1`,
    calls: [version("1.1")],
    takes: "over TLS 1.2",
    others: [version("1.2")],
  };
}

function protectsHistory(carrier: string, arn: string): Refusal {
  const history: readonly Call["1"][] = [
    use("s3:DeleteObjectVersion", `${arn}/a`),
    use("s3:DeleteBucket", arn),
    use("s3:PutBucketVersioning", arn),
    use("s3:PutLifecycleConfiguration", arn),
    use("s3:PutBucketPolicy", arn),
    use("s3:DeleteBucketPolicy", arn),
  ];
  return {
    statement: `${carrier} ProtectHistory`,
    refuses: `everyone who is no administrator to delete history of the ${carrier}, or to take away what keeps it`,
    calls: history.map((does) => [anybody, does]),
    takes: "an administrator, and anybody's deletion that keeps the version",
    others: [
      ...history.map((does): Call => [outsider("platform"), does]),
      [anybody, use("s3:DeleteObject", `${arn}/a`)],
    ],
  };
}

const state = `${bucket}-state`;
const inFolder = (artifact: string) => `${bucket}/sagemaker-churn-dev-/${artifact}/a1b2c3d`;
// Should CodePipeline no longer cut names short.
const uncut = (artifact: string) =>
  `${bucket}/sagemaker-churn-dev-modeldeploy/${artifact}/a1b2c3d.zip`;

function overwrites(role: string, artifact: string): Call[] {
  return [inFolder(artifact), uncut(artifact)].map((arn) => [
    session(role),
    use("s3:PutObject", arn),
  ]);
}

/** A sentence about every statement that denies where models are deployed. */
const deployRefusals: readonly Refusal[] = [
  insecure("state", [anybody, use("s3:GetObject", `${state}/prod/a`)]),
  oldTls("state", [anybody, use("s3:GetObject", `${state}/prod/a`)]),
  protectsHistory("state", state),
  {
    statement: "artifacts DenyDeploySourceOverwrite",
    refuses: "the builds of a deployment to replace the source that production's build runs",
    calls: [
      ...["test-staging", "deploy-staging"].flatMap((role) => overwrites(role, "SourceCode")),
      // Where names are cut short, the build's own refusal covers these as well.
      [build, use("s3:PutObject", uncut("SourceCode"))],
      [session("execution"), use("s3:PutObject", uncut("SourceCode"))],
    ],
    takes: "CodePipeline, which brings it, and what the builds hand on",
    others: [
      [session("deploy"), use("s3:PutObject", inFolder("SourceCode"))],
      [session("deploy-staging"), use("s3:PutObject", inFolder("Deployment"))],
      [session("test-staging"), use("s3:PutObject", inFolder("TestResult"))],
    ],
  },
  {
    statement: "artifacts DenyDeploymentOverwrite",
    refuses: "everyone but staging's build to say which version production runs",
    calls: [
      ...overwrites("test-staging", "Deployment"),
      [build, use("s3:PutObject", uncut("Deployment"))],
      [session("execution"), use("s3:PutObject", uncut("Deployment"))],
    ],
    takes: "staging's build, and what the test found",
    others: [
      ...overwrites("deploy-staging", "Deployment"),
      [session("test-staging"), use("s3:PutObject", inFolder("TestResult"))],
    ],
  },
];

/** A sentence about every statement that denies. */
export const refusals: readonly Refusal[] = [
  insecure("artifacts", [build, use("s3:GetObject", artifact)]),
  oldTls("artifacts", [build, use("s3:GetObject", artifact)]),
  insecure("access-logs", [anybody, use("s3:GetObject", `${bucket}-logs/2026-11-24`)]),
  oldTls("access-logs", [anybody, use("s3:GetObject", `${bucket}-logs/2026-11-24`)]),
  insecure("messages", [session("messages"), publish]),
  insecure("undelivered", [anybody, use("sqs:ReceiveMessage", queue)]),
  {
    statement: "artifacts DenyNonKmsUploads",
    refuses: "an upload that asks for AES256",
    calls: [[build, upload({ "": "AES256" })]],
    takes: "one that asks for nothing, which the bucket encrypts under the key",
    others: [[build, upload({})]],
  },
  {
    statement: "artifacts DenyOtherKmsKey",
    refuses: "an upload under another key, or under an alias or the bare id of the key",
    calls: [
      [build, underKms(otherKey)],
      [build, underKms("alias/sagemaker-churn-dev")],
      [build, underKms(key.split("/")[1] ?? "")],
    ],
    takes: "one under the key's ARN",
    others: [[build, underKms(key)]],
  },
  {
    statement: "artifacts DenyKmsWithoutKeyId",
    refuses: "an upload that asks for KMS and names no key",
    calls: [[build, upload({ "": "aws:kms" })]],
    takes: "one that names the key",
    others: [[build, underKms(key)]],
  },
  {
    statement: "artifacts DenySseC",
    refuses: "an upload under a key of the caller's own",
    calls: [[build, upload({ "-customer-algorithm": "AES256" })]],
    takes: "one without",
    others: [[build, upload({})]],
  },
  {
    statement: "artifacts DenySourceOverwrite",
    refuses: "the build and training to replace the source of a build",
    calls: [
      [build, use("s3:PutObject", source)],
      [session("execution"), use("s3:PutObject", source)],
    ],
    takes: "CodePipeline, which brings it, and what builds and training write elsewhere",
    others: [
      [session("pipeline"), use("s3:PutObject", source)],
      [build, upload({})],
      [session("execution"), use("s3:PutObject", artifact)],
    ],
  },
  protectsHistory("artifacts", bucket),
  {
    statement: "messages DenyOtherPublishers",
    refuses: "a message by another role of the account, whatever its own policies say",
    calls: [
      [anybody, publish],
      [outsider("platform"), publish],
    ],
    takes: "one by the role of the rules that have messages, and anybody's subscription",
    others: [
      [session("messages"), publish],
      [anybody, use("sns:Subscribe", projectTopic)],
    ],
  },
  ...deployRefusals,
];

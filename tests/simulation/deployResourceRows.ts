import type { Caller } from "../../local/rehearsal/contract";
import { key, queue, rule, session } from "../support/court";
import { logGroup, outsider } from "./account";
import { deployed } from "./reach";
import { type Call, type Row, use } from "./row";

const anybody = outsider("anybody");
const logging: Caller = {
  service: "logs.us-east-1.amazonaws.com",
  sourceArn: "arn:aws:logs:us-east-1:123456789012:log-group:any",
};

function through(service: string) {
  return { "kms:ViaService": `${service}.us-east-1.amazonaws.com` };
}

function grant(by: string): Call {
  const forVolumes = { ...through("sagemaker"), "kms:GrantIsForAWSResource": "true" };
  return [session(by), use("kms:CreateGrant", key, forVolumes)];
}

function encryptLog(of: string): Call {
  const group = logGroup.replace("modelbuild", of);
  return [logging, use("kms:Encrypt", key, { "kms:EncryptionContext:aws:logs:arn": group })];
}

function secrets(of: string, by: string): Call[] {
  return ["kms:Decrypt", "kms:Encrypt"].map((action) => [
    by === "anybody" ? anybody : session(by),
    use(action, key, { "kms:EncryptionContext:stack": `churn-dev-${of}` }),
  ]);
}

const builds = ["deploy-staging", "test-staging", "deploy-prod"];

const keyRows: Row[] = [
  {
    statement: "key ArtifactDataPlane",
    may: "the roles of a deployment use the key through S3",
    calls: ["deploy", "serve-staging", "serve-prod", ...builds].map((role) => [
      session(role),
      use("kms:GenerateDataKey", key, through("s3")),
    ]),
    mayNot: "does the rule of approvals, whatever else its role may",
    neighbours: [[anybody, use("kms:Decrypt", key, through("s3"))]],
  },
  {
    statement: "key SageMakerVolumeGrants",
    may: "the builds that bring endpoints up grant the key to the instances",
    calls: [grant("deploy-staging"), grant("deploy-prod")],
    mayNot: "does the test, nor a model",
    neighbours: [grant("test-staging"), grant("serve-prod")],
  },
  {
    statement: "key CloudWatchLogs",
    may: "CloudWatch encrypts the logs of a deployment's builds",
    calls: builds.map(encryptLog),
    mayNot: "another log",
    neighbours: [encryptLog("deploy-live")],
  },
  ...(
    [
      ["Staging", "staging", "prod"],
      ["Prod", "prod", "staging"],
    ] as const
  ).map(([Sid, stage, other]): Row => ({
    statement: `key StateSecrets${Sid}`,
    may: `the build of ${stage} uses the key itself for the secrets of its state`,
    calls: secrets(stage, `deploy-${stage}`),
    mayNot: "does the other stage's, the test, or any other role, whatever its own policies say",
    neighbours: [`deploy-${other}`, "test-staging", "anybody"].flatMap((by) => secrets(stage, by)),
  })),
];

/** The sentences about key and queue where models are deployed. */
export const deployResourceRows: readonly Row[] = [
  ...keyRows,
  {
    statement: "undelivered EventBridgeDeadLetters",
    may: "the rules of a deployment leave what they could not deliver",
    calls: ["approval", "deployed", "waiting", "declined", "undeployed", "rolledback"].map(
      (name) => [rule(`sagemaker-churn-dev-${name}`), use("sqs:SendMessage", queue)],
    ),
    mayNot: "do another project's",
    neighbours: [[rule("sagemaker-churn-prod-approval"), use("sqs:SendMessage", queue)]],
  } satisfies Row,
].map((row) => ({ ...row, beside: deployed }));

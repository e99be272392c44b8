import type { Caller } from "../../../local/iam/contract";
import { key, session } from "../../support/policySet";
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

const builds = ["deploy-queue", "deploy-staging", "test-staging", "deploy-prod"];

const keyRows: Row[] = [
  {
    statement: "key ArtifactDataPlane",
    allows: "deployment roles use the KMS key through Amazon S3",
    calls: [
      ...["deploy", "deploy-staging", "test-staging", "serve-staging", "serve-prod"].map(
        (role): Call => [session(role), use("kms:GenerateDataKey", key, through("s3"))],
      ),
      ...["deploy-queue", "deploy-prod"].map((role): Call => [
        session(role),
        use("kms:Decrypt", key, through("s3")),
      ]),
    ],
    denies: "any other role",
    neighbours: [[anybody, use("kms:Decrypt", key, through("s3"))]],
  },
  {
    statement: "key SageMakerVolumeGrants",
    allows: "the deploy-staging and deploy-prod roles create grants for instance volumes",
    calls: [grant("deploy-staging"), grant("deploy-prod")],
    denies: "the test-staging role, the deploy-queue role, the serve-prod role",
    neighbours: [grant("test-staging"), grant("deploy-queue"), grant("serve-prod")],
  },
  {
    statement: "key CloudWatchLogs",
    allows: "CloudWatch Logs encrypts the logs of deployment builds",
    calls: builds.map(encryptLog),
    denies: "another log group",
    neighbours: [encryptLog("deploy-live")],
  },
];

/** Rows of the key where models are deployed. */
export const deployResourceRows: readonly Row[] = keyRows.map((row) => ({
  ...row,
  beside: deployed,
}));

import type { Caller, RequiredAction } from "../../local/iam/contract";
import type { Account } from "../../local/iam/account";
import type { Actor, PolicySet } from "../../local/iam/simulate";
import type { Policies } from "../../local/iam/policies";
import { reviewed } from "./documents";

export const bucket = "arn:aws:s3:::mlops-churn--dev--eb805c6c";
export const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
export const queue = "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events";
export const topic = "arn:aws:sns:us-east-1:123456789012:churn";
export const projectTopic = "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications";

/** The ARN of one of the project's roles. */
export function roleArn(role: string): string {
  return `arn:aws:iam::123456789012:role/mlops-churn--dev--${role}-use1`;
}

/** One of the project's roles in a session. */
export function session(role: string): Actor {
  const sessionArn = `arn:aws:sts::123456789012:assumed-role/mlops-churn--dev--${role}-use1/test`;
  return { roleArn: roleArn(role), sessionArn };
}

/** The push rule, or another one, as EventBridge acts for it. */
export function rule(name = "mlops-churn--dev--push"): Caller {
  return {
    service: "events.amazonaws.com",
    sourceArn: `arn:aws:events:us-east-1:123456789012:rule/${name}`,
  };
}

const ofResource: Readonly<Record<string, unknown>> = {
  [bucket]: reviewed("artifact-bucket-policy-deployment"),
  [`${bucket}-logs`]: reviewed("access-log-bucket-policy"),
  [key]: reviewed("key-policy-deployment"),
  [queue]: reviewed("dead-letter-queue-policy-deployment"),
  [projectTopic]: reviewed("topic-policy-deployment"),
};

/** The policies of roles that are others where models are deployed. */
const ofDeployment = ["build-role-policy", "notifications-role-trust"];

/** The policies that a project deploys which deploys its models too, as they were reviewed. */
export const policies: Policies = {
  ofRole: (name) => {
    const document = ofRole(`${name.replace(/^mlops-churn--dev--(.*)-use1$/, "$1")}-role-policy`);
    return Promise.resolve({ identity: [{ name: "main", document }] });
  },
  ofResource: (arn) => {
    const role = /role\/mlops-churn--dev--(.*)-use1/.exec(arn)?.[1];
    if (role !== undefined) return Promise.resolve(ofRole(`${role}-role-trust`));
    // An object is under its bucket's policy.
    return Promise.resolve(ofResource[arn.replace(/^(arn:aws:s3:::[^/]+).*/, "$1")]);
  },
};

function ofRole(name: string): unknown {
  return reviewed(ofDeployment.includes(name) ? `${name}-deployment` : name);
}

const underKey = () => Promise.resolve<string | undefined>(key);

/** Where the project's own policies hold, and everything is encrypted under its key. */
export const policySet: PolicySet = {
  accountId: "123456789012",
  partition: "aws",
  region: "us-east-1",
  policies,
  hosting: {
    configOf: (endpoint) => Promise.resolve(`${endpoint}-1-0a1b2c3d`),
    keyOf: underKey,
  },
  keys: {
    arnOf: (id) => Promise.resolve(id.startsWith("arn:") ? id : key),
    ofBucket: underKey,
    ofObject: () => Promise.resolve({ keyArn: key }),
    ofParameter: underKey,
    ofQueue: underKey,
    ofSecret: (id) =>
      Promise.resolve({
        arn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${id}-AbCdEf`,
        keyArn: key,
      }),
    ofTopic: () => Promise.resolve(undefined),
  },
  pullRequests: { repositoryOf: () => Promise.resolve("mlops-churn--dev--modelbuild") },
};

/** An account with these policies and no AWS behind it. */
export function accountWith({ hosting, keys, policies, pullRequests }: PolicySet): Account {
  return {
    read: () => ({ hosting, keys, policies, pullRequests }),
    session: (roleArn) => {
      const role = roleArn.replace(/.*mlops-churn--dev--(.*)-use1$/, "$1");
      const sessionArn = `arn:aws:sts::123456789012:assumed-role/mlops-churn--dev--${role}-use1/test`;
      const credentials = {
        accessKeyId: `ASIA${role.toUpperCase()}`,
        secretAccessKey: "secret",
        sessionToken: "token",
      };
      return Promise.resolve({ credentials, sessionArn });
    },
  };
}

/** An upload, with these encryption headers. */
export function upload(headers: Readonly<Record<string, string>>): RequiredAction {
  const context = Object.fromEntries(
    Object.entries(headers).map(([end, value]) => [`s3:x-amz-server-side-encryption${end}`, value]),
  );
  return { action: "s3:PutObject", resource: `${bucket}/data.csv`, context };
}

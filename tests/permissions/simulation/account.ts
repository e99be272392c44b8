import type { Caller } from "../../../local/iam/contract";
import type { Actor, PolicySet } from "../../../local/iam/simulate";
import { policiesOf, type StackArgs } from "../lint/policiesOf";
import type { PolicyDocument } from "../lint/policyDocuments";
import { bucket, policySet, key, projectTopic, queue } from "../../support/policySet";

export const sagemaker = "arn:aws:sagemaker:us-east-1:123456789012";
export const otherKey = key.replace("1234abcd", "9876abcd");
export const connection = "connection/11111111-2222-3333-4444-555555555555";
export const logGroup =
  "arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/mlops-churn--dev--modelbuild";
export const images = "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost";
/** Copy of an approved archive, from which both endpoints load. */
export const deployedModel = `${bucket}/mlops-churn--dev--models/deployed/7/0a1b2c3d/model.tar.gz`;
/** Images of models: in an account of AWS, and in this account. */
export const dlcImages = "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-inference";
export const ownImages = "arn:aws:ecr:us-east-1:123456789012:repository/ml/model";
export const buildImage = "arn:aws:ecr:us-east-1:123456789012:repository/ml/build";

/** Secret and parameter of environment variables of the build. */
export const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:churn/token-AbCdEf";
export const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/churn/url";

/** Feature group, and bucket of another team. */
export const features = {
  group: `${sagemaker}:feature-group/churn`,
  objects: "arn:aws:s3:::churn-features/*",
};
const readFeatures = {
  actions: ["s3:GetObject"],
  conditions: { StringEquals: { "aws:ResourceAccount": ["123456789012"] } },
  resources: [features.objects],
};
const useRecords = {
  actions: ["sagemaker:GetRecord", "sagemaker:PutRecord"],
  resources: [features.group],
};

/** A role outside the project that may do anything, as far as its own policies go. */
export function outsider(name: string, account = "123456789012"): Actor {
  return {
    roleArn: `arn:aws:iam::${account}:role/${name}`,
    sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/test`,
  };
}

/** A service, for a resource of this account or another one. */
export function service(name: string, rest: string, account = "123456789012"): Caller {
  const [of = ""] = name.split(".");
  const sourceArn = `arn:aws:${of}:us-east-1:${account}:${rest}`;
  return { service: `${name}.amazonaws.com`, sourceArn };
}

const buildImageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml/build:1";
const deploy = { enabled: true, build: { image: buildImageUri } };

function fromOutside(fullRepositoryId: string) {
  const connectionArn = `arn:aws:codeconnections:us-east-1:123456789012:${connection}`;
  return { connection: { connectionArn, fullRepositoryId } };
}

const variants = {
  codecommit: { source: { codecommit: {} } },
  connection: {
    source: fromOutside("acme/churn-model"),
    deploy: { ...deploy, source: fromOutside("acme/churn-deploy") },
  },
  "existing network": {
    deploy,
    network: {
      existing: {
        vpcId: "vpc-0a1b2c3d4e5f60718",
        subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
        securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
      },
    },
  },
  "created network": { deploy, network: { created: {} } },
  "without execution role": { deploy, notifications: { executionRole: false } },
  "policy statements": { deploy },
  "pull requests": { deploy },
  "serverless staging": {
    deploy: { ...deploy, staging: { kind: "serverless" as const } },
    posture: "dev",
  },
};

/** The ways that exclude each other. */
export const variantNames = [
  "codecommit",
  "connection",
  "existing network",
  "created network",
  "without execution role",
  "serverless staging",
  "policy statements",
  "pull requests",
] as const;

/** The project with everything that settings can add, in one of the ways that exclude each other; one of them deploys nothing. */
export async function wholeProject(variant: keyof typeof variants): Promise<PolicyDocument[]> {
  const args: StackArgs = {
    projectName: "churn",
    projectId: "dev",
    ...variants[variant],
    artifacts: {
      administratorArns: ["arn:aws:iam::123456789012:role/platform"],
      approverRoleArns: ["arn:aws:iam::123456789012:role/approver"],
      readerRoleArns: ["arn:aws:iam::210987654321:role/audit"],
    },
    build: {
      image: buildImageUri,
      parameterStore: { URL: "/churn/url" },
      secretKeyArns: [otherKey],
      secretsManager: { TOKEN: "churn/token:key" },
      ...(variant === "policy statements" ? { policyStatements: [readFeatures] } : {}),
      comparePullRequests: variant === "pull requests",
    },
    training: {
      dataBuckets: ["churn-data"],
      dataKeyArns: [otherKey],
      imageRepositoryArns: [images, ownImages],
      ...(variant === "policy statements" ? { policyStatements: [useRecords] } : {}),
    },
    trial: { starterRoleArns: ["arn:aws:iam::123456789012:role/github-trial"] },
  };
  return policiesOf(args);
}

const everything = { Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" };

/** Where these policies hold; of the roles outside the project one has the approver's policy, any other may do anything. */
export function policySetOf(policies: readonly PolicyDocument[]): PolicySet {
  const named = (name: string) => policies.find((it) => it.name === name)?.document;
  const anything = { Version: "2012-10-17", Statement: [everything] };
  return {
    ...policySet,
    policies: {
      ofRole: (role) => {
        const ours = /^mlops-churn--dev--(.*)-use1/.exec(role)?.[1];
        const others = role === "approver" ? named("approver") : anything;
        const documents = {
          main: ours === undefined ? others : named(`${ours}-role`),
          statements: named(`${ours ?? ""}-role-policy-statements`),
        };
        const identity = Object.entries(documents).flatMap(([name, document]) =>
          document === undefined ? [] : [{ name, document }],
        );
        return Promise.resolve({ identity });
      },
      ofResource: (arn) => Promise.resolve(named(carrierOf(arn)) ?? otherwise(arn)),
    },
  };
}

/** Under which name the program made the policy of what has this ARN. */
function carrierOf(arn: string): string {
  const role = /role\/mlops-churn--dev--(.*)-use1/.exec(arn)?.[1];
  if (role !== undefined) return `${role}-role trust`;
  if (arn.startsWith(`${bucket}/`) || arn === bucket) return "artifacts";
  if (arn.startsWith(`${bucket}-logs`)) return "access-logs";
  return (
    { [key]: "key", [queue]: "undelivered-events", [projectTopic]: "notifications" }[arn] ?? ""
  );
}

/** Any other key leaves everything to the policies of its account's roles. */
function otherwise(arn: string): unknown {
  if (!arn.includes(":kms:")) return undefined;
  const Principal = { AWS: "arn:aws:iam::123456789012:root" };
  return { Version: "2012-10-17", Statement: [{ ...everything, Principal }] };
}

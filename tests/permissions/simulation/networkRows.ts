import type { RequiredAction } from "../../../local/iam/contract";
import { bucket } from "../../support/policySet";
import { sagemaker, service } from "./account";
import { type Call, each, ofRole, type OfStatement, type Row, use } from "./row";

const ec2 = "arn:aws:ec2:us-east-1:123456789012";
const subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"];
const [subnet = ""] = subnets;
const group = "sg-0a1b2c3d4e5f60718";
const networkInterface = `${ec2}:network-interface/eni-0a1b2c3d4e5f60718`;

const describe = ["DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs"];
const connect = [
  ...describe.map((what) => use(`ec2:Describe${what}`, "*")),
  ...[networkInterface, `${ec2}:subnet/${subnet}`, `${ec2}:security-group/${group}`].map((arn) =>
    use("ec2:CreateNetworkInterface", arn),
  ),
  use("ec2:DeleteNetworkInterface", networkInterface),
];
const rebuild = [
  use("ec2:ModifyNetworkInterfaceAttribute", networkInterface),
  use("ec2:AuthorizeSecurityGroupEgress", `${ec2}:security-group/${group}`),
];

function permission(of: string, to: string): RequiredAction {
  return use("ec2:CreateNetworkInterfacePermission", networkInterface, {
    "ec2:AuthorizedService": `${to}.amazonaws.com`,
    "ec2:Subnet": `${ec2}:subnet/${of}`,
  });
}

/** How any build of the project is connected. */
export const connectsBuild: readonly OfStatement[] = [
  [
    "NetworkInterfaces",
    "creates and deletes network interfaces for builds",
    connect,
    "changing network interfaces and security groups",
    rebuild,
  ],
  [
    "NetworkInterfacePermission",
    "grants CodeBuild network interfaces in the configured subnets",
    subnets.map((one) => permission(one, "codebuild")),
    "another subnet, another service",
    [permission("subnet-9a1b2c3d4e5f60718", "codebuild"), permission(subnet, "ecs")],
  ],
];

/** Network access of the SageMaker jobs and models. */
export const connectsJob: OfStatement = [
  "NetworkInterfaces",
  "creates and deletes network interfaces for jobs and endpoints",
  [
    ...connect,
    ...each(
      ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission"],
      networkInterface,
    ),
  ],
  "changing network interfaces and security groups",
  rebuild,
];

type Circumstances = Readonly<Record<string, string | readonly string[]>>;

/** Condition keys of a job inside the network. */
export const inside: Circumstances = {
  "sagemaker:InterContainerTrafficEncryption": "true",
  "sagemaker:NetworkIsolation": "true",
  "sagemaker:VpcSecurityGroupIds": [group],
  "sagemaker:VpcSubnets": subnets,
};

/** Network condition keys with one change; `undefined` removes the key. */
function but(key: string, value?: string | string[]): Circumstances {
  const { [`sagemaker:${key}`]: _, ...rest } = inside;
  return value === undefined ? rest : { ...rest, [`sagemaker:${key}`]: value };
}

const outside = [
  but("VpcSubnets"),
  but("VpcSubnets", ["subnet-9a1b2c3d4e5f60718"]),
  but("VpcSubnets", [subnet, "subnet-9a1b2c3d4e5f60718"]),
  but("VpcSecurityGroupIds"),
  but("VpcSecurityGroupIds", [group, "sg-9a1b2c3d4e5f60718"]),
  but("NetworkIsolation"),
  but("NetworkIsolation", "false"),
];
const unencrypted = [
  but("InterContainerTrafficEncryption"),
  but("InterContainerTrafficEncryption", "false"),
];

/** What makes a job or model inside the network, and what next to it does not. */
function making(
  action: string,
  kind: string,
  within: Circumstances,
  leaving: Circumstances[],
  own = "pipelines-abc-step-def",
) {
  const make = (circumstances: Circumstances, name = own) =>
    use(action, `${sagemaker}:${kind}/${name}`, circumstances);
  return {
    calls: [make(within), make({ ...within, "sagemaker:VpcSubnets": [subnet] })],
    others: [...leaving.map((circumstances) => make(circumstances)), make(within, "payroll")],
  };
}

// Containers of a model do not talk to each other.
function alone(circumstances: Circumstances): Circumstances {
  const { "sagemaker:InterContainerTrafficEncryption": _, ...rest } = circumstances;
  return rest;
}

const jobs = ["Processing", "Training"].map((kind) =>
  making(`sagemaker:Create${kind}Job`, `${kind.toLowerCase()}-job`, inside, [
    ...outside,
    ...unencrypted,
  ]),
);
const model = making("sagemaker:CreateModel", "model", alone(inside), outside.map(alone));

/** CreateModel of an endpoint inside the network. */
export function makesModelInside(endpoint: string): OfStatement {
  const name = `${endpoint}-7-0a1b2c3d`;
  const { calls, others } = making(
    "sagemaker:CreateModel",
    "model",
    alone(inside),
    outside.map(alone),
    name,
  );
  return [
    "ModelCreate",
    "creates models in the VPC with network isolation",
    calls,
    "models with other network settings, models of another name",
    others,
  ];
}

const delivery = (account: string) => ({
  ...service("logs", "*", account),
  service: "delivery.logs.amazonaws.com",
});

function flowLog(account: string, to: string, acl: string): Call {
  return [delivery(account), use("s3:PutObject", `${bucket}-logs/${to}`, { "s3:x-amz-acl": acl })];
}

const full = "bucket-owner-full-control";
const check = use("s3:GetBucketAcl", `${bucket}-logs`);

/** Rows of the private network. */
export const networkRows: readonly Row[] = [
  ...ofRole("build", connectsBuild),
  ...ofRole("execution", [
    connectsJob,
    [
      "JobsInNetwork",
      "creates processing and training jobs in the VPC, isolated and encrypted",
      jobs.flatMap(({ calls }) => calls),
      "jobs with other network settings, jobs of another name",
      jobs.flatMap(({ others }) => others),
    ],
    [
      "ModelInNetwork",
      "creates models in the VPC with network isolation",
      model.calls,
      "models with other network settings, models of another name",
      model.others,
    ],
  ]),
  {
    statement: "access-logs FlowLogs",
    allows: "CloudWatch Logs delivers VPC flow logs",
    calls: [flowLog("123456789012", "network/1.gz", full)],
    denies: "another account, another prefix, another ACL",
    neighbours: [
      flowLog("210987654321", "network/1.gz", full),
      flowLog("123456789012", "access/1.gz", full),
      flowLog("123456789012", "network/1.gz", "private"),
    ],
  },
  {
    statement: "access-logs FlowLogsCheck",
    allows: "CloudWatch Logs reads the ACL of the log bucket",
    calls: [[delivery("123456789012"), check]],
    denies: "another account",
    neighbours: [[delivery("210987654321"), check]],
  },
];

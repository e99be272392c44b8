import type {
  ModelBuildPipelineArgs,
  NetworkArgs,
  SourceArgs,
  TrainingArgs,
} from "../../../components/modelBuild/modelBuildPipelineArgs";
import {
  few,
  imageRepositories,
  instanceTypes,
  subnetIdsWithDeployment,
} from "../../../components/validation/limits";
import { awsContext } from "../../support/mocks";
import type { StackArgs } from "./policiesOf";

/** One in each partition. */
const places: readonly (typeof awsContext)[] = [
  awsContext,
  {
    ...awsContext,
    accountId: "012345678901",
    dnsSuffix: "amazonaws.com.cn",
    partition: "aws-cn",
    region: "cn-north-1",
  },
  { ...awsContext, partition: "aws-us-gov", region: "us-gov-west-1" },
];

/** An AWS context, and settings that are valid in it. */
export interface Rendering {
  readonly args: StackArgs;
  readonly where: typeof awsContext;
}

/**
 * Every setting that changes what a policy says, in each partition, and each two of them together; each network on top,
 * and each way to deploy.
 */
export function everySetting(): Rendering[] {
  return [
    ...everyProject(),
    ...everyNetwork(),
    ...everyDeployment(),
    ...everyServerless(),
    ...everyPublisher(),
    ...everyPullRequest(),
    ...everyTrial(),
  ];
}

function everyProject(): Rendering[] {
  return places.flatMap((where, row) =>
    sources(where).map((source, column) => ({
      where,
      args: {
        projectName: "churn",
        projectId: "dev",
        posture: column === row ? "prod" : "dev",
        source,
        ...accesses(where)[(row + column) % 3],
        training: trainings(where)[(row + 2 * column) % 3],
      },
    })),
  );
}

/** Two sources in each partition: one in the network that is the partition's own, and one with a boundary. */
function everyDeployment(): Rendering[] {
  return places.flatMap((where, row) =>
    [row, (row + 1) % 3].map((column) => ({
      where,
      args: {
        projectName: "churn",
        projectId: "dev",
        posture: column === row ? "dev" : "prod",
        ...accesses(where)[2],
        ...(column === row
          ? { network: networks(subnetIdsWithDeployment.max)[row] ?? {} }
          : { permissionsBoundaryArn: arn({ ...where, region: "" }, "iam", "policy/boundary") }),
        training: trainings(where)[column === row ? 0 : column] ?? {},
        deploy: {
          enabled: true,
          source: sources(where)[column] ?? {},
          ...(column === row ? { build: { image: imageOf(where) } } : {}),
        },
      },
    })),
  );
}

/** Serverless staging, in each partition. */
function everyServerless(): Rendering[] {
  return places.map((where) => ({
    where,
    args: {
      projectName: "churn",
      projectId: "dev",
      posture: "dev",
      deploy: { enabled: true, staging: { kind: "serverless" } },
    },
  }));
}

/** Comparison of pull requests, in each partition, with and without deployment and a private image. */
function everyPullRequest(): Rendering[] {
  return places.flatMap((where) =>
    [false, true].map((enabled) => ({
      where,
      args: {
        projectName: "churn",
        projectId: "dev",
        build: { comparePullRequests: true, ...(enabled ? { image: imageOf(where) } : {}) },
        deploy: { enabled },
      },
    })),
  );
}

/** EventBridge as the publisher, in each partition, with and without deployment. */
function everyPublisher(): Rendering[] {
  return places.flatMap((where) =>
    [false, true].map((enabled) => ({
      where,
      args: {
        projectName: "churn",
        projectId: "dev",
        notifications: { executionRole: false },
        deploy: { enabled },
      },
    })),
  );
}

/** Trials in each partition, one of them in a network. */
function everyTrial(): Rendering[] {
  return places.map((where, index) => ({
    where,
    args: {
      projectName: "churn",
      projectId: "dev",
      build: { comparePullRequests: index !== 1 },
      trial: { starterRoleArns: [role(where, "github-trial")] },
      // A network leaves no room for policy statements.
      training: index === 1 ? { dataBuckets: ["churn-data"] } : (trainings(where)[2] ?? {}),
      network: index === 1 ? (networks(16)[1] ?? {}) : {},
    },
  }));
}

/** The longest policies: names, network and images at their limits, in each partition. */
export function longestSettings(): Rendering[] {
  return places.map((where) => ({
    where,
    args: {
      projectName: "p".repeat(21),
      projectId: "i".repeat(10),
      network: networks(subnetIdsWithDeployment.max)[1] ?? {},
      training: {
        imageRepositoryArns: Array.from({ length: imageRepositories.maxWithNetwork }, (_, index) =>
          arn(where, "ecr", `repository/${"r".repeat(30)}-${String(index)}`),
        ),
      },
      trial: {
        starterRoleArns: Array.from({ length: few.max }, (_, index) =>
          role(where, `${"s".repeat(62)}-${String(index)}`),
        ),
        instanceTypes: Array.from(
          { length: instanceTypes.max },
          (_, index) => `ml.${"t".repeat(10)}${String(index)}.16xlarge`,
        ),
      },
      deploy: { enabled: true, build: { image: imageOf(where) } },
    },
  }));
}

/** A created VPC, the largest existing network, and the smallest: each in another partition. */
function everyNetwork(): Rendering[] {
  return places.map((where, index) => ({
    where,
    args: {
      projectName: "churn",
      projectId: "dev",
      ...accesses(where)[index],
      network: networks(16)[index] ?? {},
      training: index === 1 ? {} : { dataBuckets: ["churn-data"] },
    },
  }));
}

function networks(most: number): NetworkArgs[] {
  const existing = (subnets: number, groups: number) => ({
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: numbered("subnet", subnets),
    securityGroupIds: numbered("sg", groups),
  });
  return [
    { created: {} },
    { existing: existing(most, 5) },
    { existing: existing(1, 1), isolateJobs: false },
  ];
}

function numbered(kind: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${kind}-0a1b2c3d4e${String(1_000_000 + index)}`,
  );
}

function sources(where: typeof awsContext): SourceArgs[] {
  const connectionArn = arn(where, "codeconnections", `connection/${id}`);
  return [
    { codecommit: {} },
    { existing: { repositoryName: "churn-model" } },
    { connection: { connectionArn, fullRepositoryId: "acme/churn-model" } },
  ];
}

function accesses(where: typeof awsContext): Partial<ModelBuildPipelineArgs>[] {
  return [
    {},
    { artifacts: { requireKey: false } },
    {
      artifacts: {
        administratorArns: [role(where, "platform")],
        approverRoleArns: [role(where, "approver")],
        readerRoleArns: [role(where, "audit")],
      },
      build: {
        image: imageOf(where),
        parameterStore: { URL: "/churn/url" },
        secretKeyArns: [arn(where, "kms", `key/${id}`)],
        secretsManager: {
          API_KEY: `${arn(where, "secretsmanager", "secret:churn/api-AbCdEf")}:key`,
          TOKEN: "churn/token",
        },
        policyStatements: [
          {
            actions: ["s3:GetObject"],
            conditions: { StringEquals: { "aws:ResourceAccount": [where.accountId] } },
            resources: [`arn:${where.partition}:s3:::churn-features/*`],
          },
        ],
      },
    },
  ];
}

function imageOf({ accountId, dnsSuffix, region }: typeof awsContext): string {
  return `${accountId}.dkr.ecr.${region}.${dnsSuffix}/ml/build:1`;
}

function trainings(where: typeof awsContext): TrainingArgs[] {
  return [
    {},
    { executionRoleArn: role(where, "data-science") },
    {
      dataBuckets: ["churn-data"],
      dataKeyArns: [arn(where, "kms", `key/${id}`)],
      imageRepositoryArns: [arn(where, "ecr", "repository/sagemaker-xgboost")],
      policyStatements: [
        {
          actions: ["sagemaker:GetRecord", "sagemaker:PutRecord"],
          resources: [arn(where, "sagemaker", "feature-group/churn")],
        },
      ],
    },
  ];
}

const id = "11111111-2222-3333-4444-555555555555";

function arn({ accountId, partition, region }: typeof awsContext, service: string, rest: string) {
  return `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

function role({ accountId, partition }: typeof awsContext, name: string): string {
  return `arn:${partition}:iam::${accountId}:role/${name}`;
}

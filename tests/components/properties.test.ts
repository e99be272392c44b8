import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";

import type {
  CreatedNetworkArgs,
  ModelBuildPipelineArgs,
  NetworkArgs,
  TrainingArgs,
} from "../../components/modelBuild/modelBuildPipelineArgs";
import {
  computeTypes,
  retentionDays,
  stagingKinds,
  subnetIdsWithDeployment,
} from "../../components/validation/limits";
import { email, packageIndexUrl } from "../../components/validation/patterns";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { overlongNames } from "../../components/names/lengthLimits";
import { looksSecret } from "../../components/validation/redaction";
import { resolveStackSettings } from "../../components/validation/resolveSettings";
import { stackOf, type StackArgs } from "../permissions/lint/policiesOf";
import { asDocument } from "../support/documents";
import { awsContext, record, type Registered } from "../support/mocks";

/** Renderings in each partition. Few, since they are slow; `.ci/run` sets more. */
const renderings = Number(process.env.PROPERTY_CASES ?? 2);
/** Cases of each property without a rendering. */
const cases = Math.max(renderings * 3, 120);

const contexts = [
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

describe("any valid settings", () => {
  it("render in every partition, with names and policies within AWS's limits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: contexts.length - 1 }),
        validArgs(),
        async (index, make) => {
          const where = contexts[index] ?? awsContext;
          const args = make(where);
          const { resources } = (await stackOf(args, where)).recording;
          assert.ok(resources.length >= (args.deploy === undefined ? 40 : 40 + 34));
          for (const resource of resources) withinLimits(resource);
          if (where.partition !== "aws")
            assert.doesNotMatch(policiesOf(resources), /"arn:aws:(?!kms)/);
        },
      ),
      { numRuns: renderings * contexts.length },
    );
  }).timeout(600_000);

  it("render with the longest values, with and without a network", async () => {
    for (const where of contexts) {
      for (const args of [
        longest(where),
        longestInNetwork(where),
        longestDeployment(where),
        longestServerless(where),
      ]) {
        const { resources } = (await stackOf(args, where)).recording;
        for (const resource of resources) withinLimits(resource);
      }
    }
  }).timeout(60_000);

  it("resolve to themselves: a resolved default is a valid setting", () => {
    fc.assert(
      fc.property(validArgs(), (make) => {
        const resolved = resolveStackSettings(make(awsContext), "the test");
        const { deploy, ...others } = resolved;
        // deploy.build has the compute type of build, which is no setting of its own.
        const { computeType: _, ...build } = deploy.build;
        const raw = { ...others, deploy: { ...deploy, build } };
        assert.deepEqual(resolveStackSettings(raw, "the test"), resolved);
      }),
      { numRuns: cases },
    );
  }).timeout(60_000);
});

describe("any invalid settings", () => {
  before(() =>
    pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }),
  );

  it("are rejected before a resource is registered, with the key of the invalid setting", async () => {
    const recording = await record(() => {
      fc.assert(
        fc.property(validArgs(), mistake(), (make, [setting, value]) => {
          const { deploy: _, ...args } = make(awsContext);
          const [group, key] = setting.split(".");
          assert.ok(group);
          const parts = new Map<string, unknown>(Object.entries(args));
          const before = Object.entries(parts.get(group) ?? {});
          parts.set(
            group,
            key === undefined ? value : Object.fromEntries([...before, [key, value]]),
          );
          const invalid = { projectName: "", ...Object.fromEntries(parts) };
          assert.throws(
            () => new ModelBuildPipeline("build", invalid),
            (error: Error) =>
              pulumi.RunError.isInstance(error) && error.message.includes(`- ${setting}`),
          );
        }),
        { numRuns: cases },
      );
    });
    assert.deepEqual(recording.resources, []);
  }).timeout(60_000);
});

describe("a null in any valid settings", () => {
  const modelBuild = {
    artifactBucketName: "mlops-churn--dev--eb805c6c",
    artifactKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    // Not the name of a group of this program, which would have to be that of the project.
    modelPackageGroupName: "models",
    notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
  };
  const callers: Record<string, (args: StackArgs) => [object, (input: never) => unknown]> = {
    "a stack config": (args) => [args, (input) => resolveStackSettings(input, "the test")],
    ModelBuildPipeline: ({ deploy, ...args }) => [
      { ...args, deployment: deploy?.enabled === true },
      (input) => new ModelBuildPipeline("build", input),
    ],
    ModelDeployPipeline: ({ deploy, projectId, projectName }) => [
      {
        projectId,
        projectName,
        modelBuild,
        build: deploy?.build,
        source: deploy?.source,
        staging: deploy?.staging && { kind: "instances" },
      },
      (input) => new ModelDeployPipeline("deploy", input),
    ],
  };

  for (const [caller, inputOf] of Object.entries(callers))
    it(`is one problem of ${caller}, by its key, before a resource registers`, async () => {
      const recording = await record(() => {
        fc.assert(
          fc.property(validArgs(), fc.nat(), (make, choice) => {
            const [input, resolve] = inputOf(make(awsContext));
            const paths = pathsOf(input);
            const path = paths[choice % paths.length] ?? [];
            assert.throws(
              () => resolve(withNull(input, path) as never),
              (error: Error) => {
                const [head, problem = "", ...others] = error.message.split("\n  - ");
                assert.match(String(head), /^1 problem in /, error.message);
                assert.ok(pulumi.RunError.isInstance(error) && others.length === 0);
                return problem.startsWith(`${keyOf(path)} `) && !problem.includes("TypeError");
              },
            );
          }),
          { numRuns: cases },
        );
      });
      assert.deepEqual(recording.resources, []);
    }).timeout(60_000);
});

type Path = (number | string)[];

/** Paths of all settings, groups and list entries. */
function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    const step = Array.isArray(value) ? Number(name) : name;
    return entry === undefined
      ? []
      : [[step], ...pathsOf(entry).map((rest): Path => [step, ...rest])];
  });
}

function withNull(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return null;
  if (Array.isArray(value))
    return value.map((entry: unknown, index) => (index === step ? withNull(entry, rest) : entry));
  const entries = Object.entries(value ?? {}).map(([name, entry]: [string, unknown]) => [
    name,
    name === step ? withNull(entry, rest) : entry,
  ]);
  return Object.fromEntries(entries);
}

function keyOf(path: Path): string {
  return path
    .map((it) => (typeof it === "number" ? `[${String(it)}]` : `.${it}`))
    .join("")
    .slice(1);
}

type Maker = (where: typeof awsContext) => StackArgs;

const oneCharOf = (text: string) => fc.constantFrom(...Array.from(text));

const word = (maxLength: number) =>
  fc
    .tuple(oneCharOf("abcxyz"), fc.string({ unit: oneCharOf("ab9-"), maxLength: maxLength - 1 }))
    .map(([first, rest]) => (first + rest).replace(/-+/g, "-").replace(/-$/, ""));

const digits = (length: number, of = "0123456789") =>
  fc.string({ unit: oneCharOf(of), minLength: length, maxLength: length });

const uuid = digits(12, "0123456789abcdef").map((it) => `11111111-2222-3333-4444-${it}`);

const bucket = fc
  .string({ unit: oneCharOf("abz09-"), minLength: 1, maxLength: 61 })
  .map((it) => `a${it}z`);

const lists = { maxLength: 8 };
/** Entries of AWS's longest length that differ. */
const different = (length: number, count: number) =>
  Array.from({ length: count }, (_, it) => String(it).padStart(length, "0"));

const anyImage = fc.constantFrom(
  "aws/codebuild/standard:8.0",
  "aws/codebuild/amazonlinux-aarch64-standard:4.0",
  "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml/build:1",
);

/** Each kind of source. */
/** Sources of two prefixes have different repositories, as those of build and deployment must. */
function anySource(prefix: string) {
  const optional = { requiredKeys: [] };
  const repositoryName = word(100 - prefix.length).map((rest) => prefix + rest);
  const branch = fc.constantFrom("main", "release/1.2", "a".repeat(256));
  return fc.oneof(
    fc
      .record({ repositoryName, branch, seed: fc.boolean() }, optional)
      .map((codecommit) => () => ({ codecommit })),
    fc.record({ repositoryName, branch }).map((existing) => () => ({ existing })),
    fc
      .tuple(uuid, branch, fc.uniqueArray(fc.constantFrom("src/**", "*.py"), { minLength: 1 }))
      .map(([id, branch, paths]) => ({ accountId, partition, region }: typeof awsContext) => ({
        connection: {
          branch,
          connectionArn: `arn:${partition}:codeconnections:${region}:${accountId}:connection/${id}`,
          fullRepositoryId: "acme/churn-model",
          paths,
        },
      })),
  );
}

/** Valid settings. Their ARNs are of the AWS context, as validation requires. */
function validArgs(): fc.Arbitrary<Maker> {
  const optional = { requiredKeys: [] };
  return fc
    .record({
      words: fc
        .tuple(word(32), word(32), fc.boolean(), fc.constantFrom("mlops", "sagemaker", "m"))
        .filter(
          ([projectName, projectId, deployment, namePrefix]) =>
            overlongNames({ namePrefix, projectName, projectId }, { deployment }).length === 0,
        ),
      posture: fc.constantFrom("dev", "prod"),
      stagingKind: fc.constantFrom(...stagingKinds),
      source: anySource("build-"),
      deploySource: anySource("deploy-"),
      deployBuild: fc.record(
        {
          image: anyImage,
          timeoutMinutes: fc.integer({ min: 5, max: 2160 }),
        },
        optional,
      ),
      build: fc
        .record(
          {
            image: anyImage,
            computeType: fc.constantFrom(...computeTypes),
            timeoutMinutes: fc.integer({ min: 5, max: 2160 }),
            environment: fc.dictionary(
              fc.stringMatching(/^X[A-Z0-9_]{0,20}$/),
              fc.string({ maxLength: 50 }).filter((it) => !looksSecret(it)),
            ),
            secretsManager: fc.dictionary(
              fc.stringMatching(/^Y[A-Z0-9_]{0,20}$/),
              fc
                .stringMatching(/^[a-z]{1,20}(:[a-z]{0,8}){0,3}$/)
                // This begins an ARN, not the JSON key of a secret named arn.
                .filter((it) => !it.startsWith("arn:")),
              { maxKeys: 8 },
            ),
            parameterStore: fc.dictionary(
              fc.stringMatching(/^Z[A-Z0-9_]{0,20}$/),
              fc.stringMatching(/^(\/x[a-z]{0,20}){1,3}$/),
              { maxKeys: 8 },
            ),
            waitForTraining: fc.boolean(),
          },
          optional,
        )
        .map((build) =>
          build.waitForTraining === true ? { ...build, timeoutMinutes: 480 } : build,
        ),
      artifacts: fc.record(
        {
          requireKey: fc.boolean(),
          expireBuildsAfterDays: fc.integer({ min: 8, max: 36500 }),
          noncurrentDays: fc.integer({ min: 1, max: 36500 }),
        },
        optional,
      ),
      pipeline: fc.record({ executionMode: fc.constantFrom("SUPERSEDED", "QUEUED") }, optional),
      logs: fc.record({ retentionDays: fc.constantFrom(...retentionDays) }, optional),
      dataBuckets: fc.uniqueArray(bucket, lists),
      dataKeys: fc.uniqueArray(uuid, lists),
      images: fc.uniqueArray(
        word(256).filter((it) => it.length > 1),
        { maxLength: 6 },
      ),
      mails: fc.uniqueArray(
        fc.emailAddress().filter((it) => email.test(it)),
        { ...lists, selector: (it) => it.toLowerCase() },
      ),
      queues: fc.uniqueArray(word(80), lists),
      roles: fc.uniqueArray(word(64), lists),
      network: anyNetwork(),
      givenRole: fc.option(word(64), { nil: undefined }),
    })
    .map(
      ({ artifacts, words: [projectName, projectId, deploys, namePrefix], ...it }): Maker =>
        (where) => {
          const { accountId, partition, region } = where;
          const role = (name: string) => `arn:${partition}:iam::${accountId}:role/${name}`;
          const training = {
            dataBuckets: it.dataBuckets,
            dataKeyArns: it.dataKeys.map(
              (id) => `arn:${partition}:kms:${region}:${accountId}:key/${id}`,
            ),
            executionRoleArn: it.givenRole === undefined ? undefined : role(it.givenRole),
            imageRepositoryArns: it.images.map(
              (name) => `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`,
            ),
          };
          const any = it.network(where);
          const network = deploys ? smaller(any) : any;
          const mayBeServerless = it.posture === "dev" && Object.keys(network).length === 0;
          const deploy = {
            enabled: true,
            build: it.deployBuild,
            source: it.deploySource(where),
            staging: { kind: mayBeServerless ? it.stagingKind : "instances" },
          };
          return {
            namePrefix,
            projectName,
            projectId,
            posture: it.posture,
            source: it.source(where),
            ...(deploys ? { deploy } : {}),
            build: it.build,
            artifacts: {
              ...artifacts,
              administratorArns: it.roles.map(role),
              approverRoleArns: it.roles.map(role),
              readerRoleArns: it.roles.map(role),
            },
            network,
            pipeline: it.pipeline,
            logs: it.logs,
            notifications: {
              emails: it.mails,
              executionRole: it.mails.length % 2 === 0,
              queueArns: it.queues.map(
                (name) => `arn:${partition}:sqs:${region}:${accountId}:${name}`,
              ),
            },
            training: Object.keys(network).length === 0 ? training : halved(training),
          };
        },
    );
}

/** The same network with at most 7 subnets, the limit with deployment. */
function smaller({ existing, ...rest }: NetworkArgs): NetworkArgs {
  if (existing === undefined) return rest;
  return {
    ...rest,
    existing: { ...existing, subnetIds: existing.subnetIds.slice(0, subnetIdsWithDeployment.max) },
  };
}

/** No network, an existing or a created one; none is created in China. */
function anyNetwork(): fc.Arbitrary<(where: typeof awsContext) => NetworkArgs> {
  const optional = { requiredKeys: [] };
  const id = (kind: string) => digits(17, "0123456789abcdef").map((it) => `${kind}-${it}`);
  const ids = (kind: string, maxLength: number) =>
    fc.uniqueArray(id(kind), { minLength: 1, maxLength });
  const beside = fc.record(
    {
      isolateJobs: fc.boolean(),
      packageIndexUrl: fc
        .webUrl({ validSchemes: ["https"] })
        .filter((it) => packageIndexUrl.test(it)),
    },
    optional,
  );
  const existing = fc.record({
    vpcId: id("vpc"),
    subnetIds: ids("subnet", 16),
    securityGroupIds: ids("sg", 5),
  });
  const created = fc.record(
    {
      cidrBlock: fc.constantFrom("10.0.0.0/16", "192.168.252.0/22"),
      availabilityZones: fc.integer({ min: 1, max: 4 }),
      natGateways: fc.constantFrom("None", "Single", "OnePerAz"),
    },
    optional,
  );
  return fc.oneof(
    fc.constant(() => ({})),
    fc.tuple(existing, beside).map(([existing, rest]) => () => ({ existing, ...rest })),
    fc.tuple(created, beside).map(
      ([created, rest]) =>
        ({ partition }: typeof awsContext) =>
          partition === "aws-cn" ? {} : { created, ...rest, ...indexFor(created) },
    ),
  );
}

/** Without a NAT gateway, builds need a package index. */
function indexFor({ natGateways }: CreatedNetworkArgs): NetworkArgs {
  return natGateways === "None" ? { packageIndexUrl: "https://packages.example.com/simple" } : {};
}

/** Valid settings with the longest names and policies. */
function longest({
  accountId,
  dnsSuffix,
  partition,
  region,
}: typeof awsContext): ModelBuildPipelineArgs {
  const eight = (prefix: string, length: number) => different(length, 8).map((it) => prefix + it);
  const roles = eight(`arn:${partition}:iam::${accountId}:role/`, 64);
  return {
    projectName: "p".repeat(30),
    projectId: "i".repeat(2),
    source: { codecommit: { repositoryName: "r".repeat(100) } },
    artifacts: {
      administratorArns: roles,
      approverRoleArns: roles,
      readerRoleArns: roles,
    },
    build: {
      image: `${accountId}.dkr.ecr.${region}.${dnsSuffix}/${"e".repeat(256)}:1`,
      ...longestReferences(),
      secretKeyArns: eight(`arn:${partition}:kms:${region}:${accountId}:key/`, 36),
    },
    training: {
      dataBuckets: eight("", 63),
      dataKeyArns: eight(`arn:${partition}:kms:${region}:${accountId}:key/`, 36),
      imageRepositoryArns: eight(
        `arn:${partition}:ecr:${region}:${accountId}:repository/`,
        256,
      ).slice(0, 6),
    },
  };
}

function longestReferences() {
  const variables = (prefix: string) =>
    Object.fromEntries(
      different(128 - prefix.length, 8).map((it, i) => [
        `V${String(prefix.length)}${String(i)}`,
        prefix + it,
      ]),
    );
  return { secretsManager: variables(""), parameterStore: variables("/") };
}

/** The same in the largest network, which halves the limit of the training lists. */
function longestInNetwork(where: typeof awsContext): ModelBuildPipelineArgs {
  const { training = {}, ...rest } = longest(where);
  return {
    ...rest,
    training: halved(training),
    network: {
      existing: {
        vpcId: "vpc-0a1b2c3d4e5f60718",
        subnetIds: different(17, 16).map((it) => `subnet-${it}`),
        securityGroupIds: different(17, 5).map((it) => `sg-${it}`),
      },
    },
  };
}

/** The same with deployment. */
function longestDeployment(where: typeof awsContext): StackArgs {
  const { accountId, dnsSuffix, region } = where;
  const { network = {}, ...rest } = longestInNetwork(where);
  return {
    ...rest,
    projectId: "i",
    network: smaller(network),
    deploy: {
      enabled: true,
      build: { image: `${accountId}.dkr.ecr.${region}.${dnsSuffix}/${"e".repeat(256)}:1` },
      source: { codecommit: { repositoryName: "d".repeat(100) } },
    },
  };
}

/** The same with serverless staging: without a network, the training lists are twice as long. */
function longestServerless(where: typeof awsContext): StackArgs {
  const { deploy, ...rest } = longestDeployment(where);
  return {
    ...rest,
    posture: "dev",
    network: {},
    training: longest(where).training ?? {},
    deploy: { ...deploy, enabled: true, staging: { kind: "serverless" } },
  };
}

function halved({ dataBuckets, dataKeyArns, imageRepositoryArns, ...rest }: TrainingArgs) {
  return {
    ...rest,
    dataBuckets: dataBuckets?.slice(0, 4),
    dataKeyArns: dataKeyArns?.slice(0, 4),
    imageRepositoryArns: imageRepositoryArns?.slice(0, 3),
  };
}

/** A setting and an invalid value. */
function mistake(): fc.Arbitrary<[setting: string, value: unknown]> {
  const outside = (min: number, max: number): fc.Arbitrary<unknown> =>
    fc.oneof(
      fc.integer({ max: min - 1 }),
      fc.integer({ min: max + 1 }),
      fc.double({ min, max }).filter((it) => !Number.isInteger(it)),
      fc.integer({ min, max }).map(String),
      fc.constantFrom("0x10", "1e3", " 60 ", null, NaN, true),
    );
  const notWord = fc.oneof(
    fc.constantFrom("", " ", "a--b", "-a", "a-", "a_b", "a.b", "a".repeat(33)),
    fc.stringMatching(/^[A-Z][a-z]{0,10}$/),
    fc.stringMatching(/^[0-9][a-z]{0,10}$/),
    fc.integer(),
  );
  const not = (...good: (string | number)[]): fc.Arbitrary<unknown> =>
    fc
      .oneof(fc.string(), fc.integer(), fc.boolean())
      .filter((it) => !good.some((value) => value === it));
  const mistakes: Record<string, fc.Arbitrary<unknown>> = {
    projectName: notWord,
    projectId: notWord,
    posture: not("dev", "prod"),
    source: fc.constantFrom(
      {},
      { codecommit: {}, existing: { repositoryName: "a" } },
      7,
      "codecommit",
    ),
    "build.timeoutMinutes": outside(5, 2160),
    "build.computeType": not(...computeTypes),
    "build.waitForTraining": fc.constantFrom("true", "false", 0, 1, null),
    "build.image": fc.string().filter((it) => !/[/:]/.test(it)),
    "artifacts.expireBuildsAfterDays": outside(1, 36500),
    "artifacts.noncurrentDays": outside(1, 36500),
    "artifacts.requireKey": fc.constantFrom("true", 1, null),
    "pipeline.executionMode": not("SUPERSEDED", "QUEUED"),
    "logs.retentionDays": not(...retentionDays),
    "training.dataBuckets": fc.array(fc.stringMatching(/^[A-Z_.]{1,70}$/), {
      minLength: 1,
      maxLength: 8,
    }),
    permissionsBoundaryArn: fc.string(),
    "training.executionRoleArn": fc.string(),
    "notifications.emails": fc.array(
      fc.string().filter((it) => !it.includes("@")),
      { minLength: 1, maxLength: 8 },
    ),
    network: fc.constantFrom(
      { isolateJobs: true },
      { created: {}, existing: {} },
      { created: { availabilityZones: 5 } },
      7,
      "vpc-0a1b2c3d",
    ),
    "trial.maxInstanceMinutes": fc.constantFrom(0, 10_081, 1.5, "60"),
    "notifications.queueArns": fc.array(fc.string(), { minLength: 1, maxLength: 8 }),
  };
  return fc.oneof(
    ...Object.entries(mistakes).map(([setting, values]) =>
      values.map((value): [string, unknown] => [setting, value]),
    ),
    // An unknown key, at the top level or in a group.
    fc
      .tuple(
        fc.constantFrom("", "build.", "artifacts.", "logs.", "notifications."),
        fc.stringMatching(/^[a-z]{1,12}X$/),
      )
      .map(([group, key]): [string, unknown] => [group + key, 1]),
  );
}

/** AWS's limits of names, descriptions and policies, as anchored patterns. */
const limits: Record<string, Record<string, RegExp>> = {
  "aws:cloudwatch/eventRule:EventRule": {
    name: /^[.A-Za-z0-9_-]{1,64}$/,
    description: /^.{0,512}$/,
    eventPattern: /^.{1,4096}$/s,
  },
  "aws:cloudwatch/eventTarget:EventTarget": { inputTransformer: /^.{1,8192}$/s },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    name: /^.{1,255}$/,
    alarmDescription: /^.{0,1024}$/,
  },
  "aws:cloudwatch/logGroup:LogGroup": { name: /^[.\-_/#A-Za-z0-9]{1,512}$/ },
  "aws:codebuild/project:Project": { name: /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/ },
  "aws:codecommit/repository:Repository": {
    repositoryName: /^[A-Za-z0-9._-]{1,100}$/,
    description: /^.{0,1000}$/,
  },
  "aws:codepipeline/pipeline:Pipeline": { name: /^[A-Za-z0-9.@_-]{1,100}$/ },
  "aws:iam/role:Role": {
    name: /^[A-Za-z0-9_+=,.@-]{1,64}$/,
    description: /^.{0,1000}$/,
    assumeRolePolicy: /^.{1,2048}$/s,
  },
  "aws:iam/rolePolicy:RolePolicy": { name: /^[A-Za-z0-9_+=,.@-]{1,128}$/, policy: /^.{1,10240}$/s },
  "aws:kms/alias:Alias": { name: /^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/ },
  "aws:kms/key:Key": { policy: /^.{1,32768}$/s },
  "aws:s3/bucket:Bucket": { bucket: /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/ },
  "aws:s3/bucketPolicy:BucketPolicy": { policy: /^.{1,20480}$/s },
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": {
    modelPackageGroupName: /^[a-z0-9](-*[a-z0-9]){0,62}$/,
  },
  "aws:sns/topic:Topic": { name: /^[A-Za-z0-9_-]{1,256}$/, displayName: /^.{1,100}$/ },
  "aws:sns/topicPolicy:TopicPolicy": { policy: /^.{1,30720}$/s },
  "aws:sqs/queue:Queue": { name: /^[A-Za-z0-9_-]{1,80}$/ },
};

function withinLimits({ inputs, name, type }: Registered): void {
  for (const [input, limit] of Object.entries(limits[type] ?? {})) {
    const value = inputs[input];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    assert.match(text, limit, `${type} ${name} ${input} (${String(text.length)})`);
  }
}

function policiesOf(resources: readonly Registered[]): string {
  const policies = resources.flatMap(({ inputs }) =>
    [inputs.policy, inputs.assumeRolePolicy].filter((it) => it !== undefined).map(asDocument),
  );
  return JSON.stringify(policies);
}

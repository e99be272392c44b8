import { strict as assert } from "node:assert";

import type { Use } from "../local/rehearsal/contract";
import { openBench } from "../local/rehearsal/judge/bench";
import { type Actor, type Court, judge } from "../local/rehearsal/judge/judge";
import { review } from "../local/rehearsal/judge/review";
import {
  bucket,
  court,
  key,
  policies,
  projectTopic,
  queue,
  roleArn,
  rule,
  session,
  upload,
} from "./support/court";

const sagemaker = "arn:aws:sagemaker:us-east-1:123456789012";
const build = session("build");
const execution = session("execution");
const messages = session("messages");

function use(action: string, resource: string, context?: Use["context"]): Use {
  return context === undefined ? { action, resource } : { action, resource, context };
}

function passRole(role: string, service = "sagemaker"): Use {
  const context = { "iam:PassedToService": `${service}.amazonaws.com` };
  return use("iam:PassRole", roleArn(role), context);
}

function onKey(action: string, service: string | undefined, resource = key): Use {
  const via = { "kms:ViaService": `${service ?? ""}.us-east-1.amazonaws.com` };
  return use(`kms:${action}`, resource, service === undefined ? {} : via);
}

function encryptingFor(queueArn: string): Use {
  return use("kms:GenerateDataKey", key, { "kms:EncryptionContext:aws:sqs:arn": queueArn });
}

function register(status: string): Use {
  const context = { "sagemaker:ModelApprovalStatus": status };
  return use("sagemaker:CreateModelPackage", `${sagemaker}:model-package/churn-dev/*`, context);
}

type Case = [what: string, actor: Actor, use: Use];

const allowed: Case[] = [
  ["an upload that says nothing", build, upload({})],
  ["an upload under the key", build, upload({ "": "aws:kms", "-aws-kms-key-id": key })],
  ["a download", build, use("s3:GetObject", `${bucket}/data.csv`)],
  ["the key through S3", build, onKey("GenerateDataKey", "s3")],
  ["the pipeline", build, use("sagemaker:CreatePipeline", `${sagemaker}:pipeline/churn-dev`)],
  ["the execution role to SageMaker", build, passRole("execution")],
  [
    "the versions of the group",
    build,
    use("sagemaker:ListModelPackages", `${sagemaker}:model-package/churn-dev/*`),
  ],
  [
    "the build's log",
    build,
    use(
      "logs:PutLogEvents",
      "arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/sagemaker-churn-dev-modelbuild:log-stream:1",
    ),
  ],
  ["itself to a job", execution, passRole("execution")],
  ["a job of a pipeline", execution, training("pipelines-abc-train-def")],
  ["a registration as pending", execution, register("PendingManualApproval")],
  [
    "metrics in SageMaker's namespace",
    execution,
    use("cloudwatch:PutMetricData", "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default", {
      "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs",
    }),
  ],
  ["who one is", build, use("sts:GetCallerIdentity", "*")],
  ["an undelivered event", rule(), use("sqs:SendMessage", queue)],
  ["the queue's key", rule(), encryptingFor(queue)],
  ["a message", messages, use("sns:Publish", projectTopic)],
  ["the key through SNS", messages, onKey("GenerateDataKey", "sns")],
];

const inPolicy = (kind: string) => `with an explicit deny in a ${kind} policy`;
const noPolicy = (kind: string, action: string) =>
  `because no ${kind} policy allows the ${action} action`;

const denied: [...Case, reason: string][] = [
  [
    "an upload under another key",
    build,
    upload({ "": "aws:kms", "-aws-kms-key-id": key.replace("1234abcd", "9876abcd") }),
    inPolicy("resource-based"),
  ],
  [
    "an upload under the key's alias",
    build,
    upload({ "": "aws:kms", "-aws-kms-key-id": "alias/sagemaker-churn-dev" }),
    inPolicy("resource-based"),
  ],
  [
    "an upload under the key's bare id",
    build,
    upload({ "": "aws:kms", "-aws-kms-key-id": "1234abcd-12ab-34cd-56ef-1234567890ab" }),
    inPolicy("resource-based"),
  ],
  ["an upload under AES256", build, upload({ "": "AES256" }), inPolicy("resource-based")],
  ["KMS without a key", build, upload({ "": "aws:kms" }), inPolicy("resource-based")],
  [
    "a key of the customer's own",
    build,
    upload({ "-customer-algorithm": "AES256" }),
    inPolicy("resource-based"),
  ],
  [
    "a call without TLS",
    build,
    use("s3:GetObject", `${bucket}/data.csv`, { "aws:SecureTransport": "false" }),
    inPolicy("resource-based"),
  ],
  [
    "TLS 1.1",
    build,
    use("s3:GetObject", `${bucket}/data.csv`, { "s3:TlsVersion": "1.1" }),
    inPolicy("resource-based"),
  ],
  [
    "a deletion",
    build,
    use("s3:DeleteObject", `${bucket}/data.csv`),
    noPolicy("identity-based", "s3:DeleteObject"),
  ],
  [
    "another bucket",
    build,
    use("s3:GetObject", "arn:aws:s3:::other/data.csv"),
    noPolicy("identity-based", "s3:GetObject"),
  ],
  [
    "a bucket of the name in another account",
    build,
    use("s3:GetObject", `${bucket}/data.csv`, { "aws:ResourceAccount": "210987654321" }),
    noPolicy("identity-based", "s3:GetObject"),
  ],
  [
    "the key as such",
    build,
    onKey("Decrypt", undefined),
    noPolicy("identity-based", "kms:Decrypt"),
  ],
  [
    "another key",
    build,
    onKey("Decrypt", "s3", key.replace("1234abcd", "9876abcd")),
    noPolicy("identity-based", "kms:Decrypt"),
  ],
  [
    "the key, to a role that the key does not know",
    { ...build, roleArn: roleArn("build").replace(":role/", ":role/other/") },
    onKey("Decrypt", "s3"),
    noPolicy("resource-based", "kms:Decrypt"),
  ],
  [
    "another pipeline",
    build,
    use("sagemaker:UpdatePipeline", `${sagemaker}:pipeline/churn-prod`),
    noPolicy("identity-based", "sagemaker:UpdatePipeline"),
  ],
  ["another role", build, passRole("pipeline"), noPolicy("identity-based", "iam:PassRole")],
  [
    "the role to another service",
    build,
    passRole("execution", "lambda"),
    noPolicy("identity-based", "iam:PassRole"),
  ],
  [
    "each group's versions",
    build,
    use("sagemaker:ListModelPackages", `${sagemaker}:model-package/*`),
    noPolicy("identity-based", "sagemaker:ListModelPackages"),
  ],
  [
    "a job by hand",
    build,
    training("pipelines-abc-train-def"),
    noPolicy("identity-based", "sagemaker:CreateTrainingJob"),
  ],
  [
    "a job of another name",
    execution,
    training("mine"),
    noPolicy("identity-based", "sagemaker:CreateTrainingJob"),
  ],
  [
    "a registration as approved",
    execution,
    register("Approved"),
    noPolicy("identity-based", "sagemaker:CreateModelPackage"),
  ],
  [
    "an experiment",
    execution,
    use("sagemaker:CreateExperiment", `${sagemaker}:experiment/churn-dev`),
    noPolicy("identity-based", "sagemaker:CreateExperiment"),
  ],
  [
    "another rule's event",
    rule("other"),
    use("sqs:SendMessage", queue),
    noPolicy("resource-based", "sqs:SendMessage"),
  ],
  [
    "the key for another queue",
    rule(),
    encryptingFor(`${queue}-2`),
    noPolicy("resource-based", "kms:GenerateDataKey"),
  ],
  [
    "a message by another role",
    execution,
    use("sns:Publish", projectTopic),
    inPolicy("resource-based"),
  ],
  [
    "a message in EventBridge's own name, for anybody's rule",
    rule("sagemaker-churn-dev-failed"),
    use("sns:Publish", projectTopic),
    inPolicy("resource-based"),
  ],
  [
    "a message without TLS",
    messages,
    use("sns:Publish", projectTopic, { "aws:SecureTransport": "false" }),
    inPolicy("resource-based"),
  ],
  [
    "a message on another topic",
    messages,
    use("sns:Publish", `${projectTopic}-2`),
    noPolicy("identity-based", "sns:Publish"),
  ],
  [
    "the key as such, to who tells people",
    messages,
    onKey("GenerateDataKey", undefined),
    noPolicy("identity-based", "kms:GenerateDataKey"),
  ],
];

function training(name: string): Use {
  return use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/${name}`);
}

describe("the judge", () => {
  for (const [what, actor, asked] of allowed) {
    it(`allows ${what}`, async () => {
      assert.deepEqual((await judge(actor, asked, court)).allowed, true);
    });
  }

  for (const [what, actor, asked, reason] of denied) {
    it(`denies ${what}`, async () => {
      const judgement = await judge(actor, asked, court);
      assert.deepEqual([judgement.allowed, judgement.reason], [false, reason]);
    });
  }

  it("lets only a role's own caller assume it", async () => {
    const assume = use("sts:AssumeRole", roleArn("build"));
    const project = (name: string, account = "123456789012") => ({
      service: "codebuild.amazonaws.com",
      sourceArn: `arn:aws:codebuild:us-east-1:${account}:project/${name}`,
    });
    const callers = [
      project("sagemaker-churn-dev-modelbuild"),
      project("other"),
      project("sagemaker-churn-dev-modelbuild", "210987654321"),
      { ...project("sagemaker-churn-dev-modelbuild"), service: "lambda.amazonaws.com" },
    ];
    const verdicts = await Promise.all(callers.map((caller) => judge(caller, assume, court)));
    assert.deepEqual(
      verdicts.map((verdict) => verdict.allowed),
      [true, false, false, false],
    );
  });

  it("tells a trust policy whose resource the caller acts for", async () => {
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "codebuild.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    };
    const document = { Version: "2012-10-17", Statement };
    const anyProject = {
      ...court,
      policies: { ...policies, ofResource: () => Promise.resolve(document) },
    };
    const from = (account: string) => ({
      service: "codebuild.amazonaws.com",
      sourceArn: `arn:aws:codebuild:us-east-1:${account}:project/any`,
    });
    const assume = use("sts:AssumeRole", roleArn("build"));
    const own = await judge(from("123456789012"), assume, anyProject);
    const foreign = await judge(from("210987654321"), assume, anyProject);
    assert.deepEqual([own.allowed, foreign.allowed], [true, false]);
  });

  it("tells neither key nor topic for which rule EventBridge asks, as EventBridge does not", async () => {
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:GenerateDataKey", "sns:Publish"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    };
    const document = { Version: "2012-10-17", Statement };
    const asksForTheSource = {
      ...court,
      policies: { ...policies, ofResource: () => Promise.resolve(document) },
    };
    const asked = encryptingFor(queue);
    for (const one of [asked, use("sns:Publish", projectTopic)]) {
      assert.equal((await judge(rule(), one, asksForTheSource)).allowed, false);
    }
  });

  it("holds a role inside its permissions boundary", async () => {
    const Statement = [{ Effect: "Allow", Action: "sagemaker:*", Resource: "*" }];
    const boundary = { name: "boundary", document: { Version: "2012-10-17", Statement } };
    const bounded: Court = {
      ...court,
      policies: {
        ...policies,
        ofRole: async (role) => ({ ...(await policies.ofRole(role)), boundary }),
      },
    };
    const { allowed, reason } = await judge(
      build,
      use("s3:GetObject", `${bucket}/data.csv`),
      bounded,
    );
    assert.deepEqual(
      [allowed, reason],
      [false, "because no permissions boundary allows the s3:GetObject action"],
    );
  });

  it("refuses to judge what AWS does not know", async () => {
    await assert.rejects(judge(build, use("s3:Frobnicate", bucket), court), /invalid\.action/);
    await assert.rejects(
      judge(build, use("sagemaker:CreatePipeline", bucket), court),
      /no\.resource\.types/,
    );
    await assert.rejects(judge(build, use("s3:GetObject", "*"), court), /no concrete resource/);
    await assert.rejects(
      judge(build, use("s3:GetObject", `${bucket}/a`, { "s3:delimiter": "/" }), court),
      /s3:GetObject knows no s3:delimiter/,
    );
  });
});

describe("the bench", () => {
  it("stops at the first denied use, and marks a denial that was to be expected", async () => {
    const bench = openBench(court, [
      { principal: "sagemaker-churn-dev-build", action: "s3:ListAllMyBuckets", reason: "probe" },
      {
        principal: "sagemaker-churn-dev-build",
        action: "s3:DeleteObject",
        resource: `${bucket}/tmp/*`,
        reason: "tidy",
      },
    ]);
    const remove = (name: string) => use("s3:DeleteObject", `${bucket}/${name}`);
    await bench.try(build, "s3:ListBuckets", [use("s3:ListAllMyBuckets", "*"), upload({})]);
    await bench.try(build, "s3:DeleteObject", [remove("tmp/a")]);
    await bench.try(build, "s3:DeleteObject", [remove("data.csv")]);
    await bench.try(build, "s3:PutObject", [upload({})]);
    assert.deepEqual(
      bench.verdicts.map(({ action, allowed, expected }) => [action, allowed, expected]),
      [
        ["s3:ListAllMyBuckets", false, "probe"],
        ["s3:DeleteObject", false, "tidy"],
        ["s3:DeleteObject", false, undefined],
        ["s3:PutObject", true, undefined],
      ],
    );
  });

  it("counts a use that cannot be judged as denied", async () => {
    const bench = openBench(court, []);
    await bench.try(build, "s3:Frobnicate", [use("s3:Frobnicate", bucket)]);
    assert.deepEqual(
      bench.verdicts.map(({ action, allowed, resource }) => [action, allowed, resource]),
      [
        [
          "s3:Frobnicate",
          false,
          `(cannot be placed: s3:Frobnicate on ${bucket}: ` +
            'the simulator refuses it: {"message":"invalid.action"})',
        ],
      ],
    );
  });

  it("judges by new policies once it is moved to them", async () => {
    const bench = openBench(court, []);
    await bench.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    const without = { ...policies, ofRole: () => Promise.resolve({ identity: [] }) };
    bench.move({ ...court, policies: without });
    await bench.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    assert.deepEqual(
      bench.verdicts.map((verdict) => verdict.allowed),
      [true, false],
    );
  });
});

describe("the review", () => {
  it("names the first call that fails without each used action, and each unused action", async () => {
    const bench = openBench(court, []);
    const trigger = session("trigger");
    const start = use(
      "codepipeline:StartPipelineExecution",
      "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modelbuild",
    );
    await bench.try(trigger, "codepipeline:StartPipelineExecution", [start]);
    await bench.try(build, "sagemaker:CreatePipeline", [
      use("sagemaker:CreatePipeline", `${sagemaker}:pipeline/churn-dev`),
      passRole("execution"),
    ]);
    const { needed, unused } = await review(bench.judged, court);
    assert.deepEqual(
      needed.map(({ action, firstDenied, role, statement }) => [
        role,
        statement,
        action,
        firstDenied?.call,
        firstDenied?.resource,
      ]),
      [
        [
          "sagemaker-churn-dev-trigger",
          "StartPipeline",
          start.action,
          start.action,
          start.resource,
        ],
        [
          "sagemaker-churn-dev-build",
          "PipelineUpsertAndStart",
          "sagemaker:CreatePipeline",
          "sagemaker:CreatePipeline",
          `${sagemaker}:pipeline/churn-dev`,
        ],
        [
          "sagemaker-churn-dev-build",
          "PassExecutionRole",
          "iam:PassRole",
          "sagemaker:CreatePipeline",
          roleArn("execution"),
        ],
      ],
    );
    assert.deepEqual(
      unused.slice(0, 3).map(({ action, statement }) => [statement, action]),
      [
        ["Logs", "logs:CreateLogStream"],
        ["Logs", "logs:PutLogEvents"],
        ["ArtifactBucketMeta", "s3:GetBucketVersioning"],
      ],
    );
  });

  it("tells an action that two statements grant from one that is needed", async () => {
    const get = (Sid: string, Resource: string) => ({
      Sid,
      Effect: "Allow",
      Action: "s3:Get*",
      Resource,
    });
    const Statement = [
      get("First", `${bucket}/*`),
      get("Second", `${bucket}/*`),
      get("Elsewhere", "arn:aws:s3:::other/*"),
    ];
    const document = { Version: "2012-10-17", Statement };
    const identity = [{ name: "main", document }];
    const twice: Court = {
      ...court,
      policies: { ...policies, ofRole: () => Promise.resolve({ identity }) },
    };
    const bench = openBench(twice, []);
    await bench.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    const permission = { role: "sagemaker-churn-dev-build", policy: "main", action: "s3:Get*" };
    assert.deepEqual(await review(bench.judged, twice), {
      needed: [
        { ...permission, statement: "First" },
        { ...permission, statement: "Second" },
      ],
      unused: [{ ...permission, statement: "Elsewhere" }],
    });
  });
});

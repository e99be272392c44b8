import { strict as assert } from "node:assert";

import type { RequiredAction } from "../../local/iam/contract";
import { createAuthorizer } from "../../local/iam/decide";
import { type Actor, type PolicySet, authorize } from "../../local/iam/simulate";
import { review } from "../../local/iam/review";
import {
  bucket,
  policySet,
  key,
  policies,
  projectTopic,
  queue,
  roleArn,
  rule,
  session,
  upload,
} from "../support/policySet";

const sagemaker = "arn:aws:sagemaker:us-east-1:123456789012";
const build = session("build");
const execution = session("execution");
const notifications = session("notifications");

function use(
  action: string,
  resource: string,
  context?: RequiredAction["context"],
): RequiredAction {
  return context === undefined ? { action, resource } : { action, resource, context };
}

function passRole(role: string, service = "sagemaker"): RequiredAction {
  const context = { "iam:PassedToService": `${service}.amazonaws.com` };
  return use("iam:PassRole", roleArn(role), context);
}

function onKey(action: string, service: string | undefined, resource = key): RequiredAction {
  const via = { "kms:ViaService": `${service ?? ""}.us-east-1.amazonaws.com` };
  return use(`kms:${action}`, resource, service === undefined ? {} : via);
}

function encryptingFor(queueArn: string): RequiredAction {
  return use("kms:GenerateDataKey", key, { "kms:EncryptionContext:aws:sqs:arn": queueArn });
}

function register(status: string): RequiredAction {
  const context = { "sagemaker:ModelApprovalStatus": status };
  return use(
    "sagemaker:CreateModelPackage",
    `${sagemaker}:model-package/mlops-churn--dev--models/*`,
    context,
  );
}

type Case = [what: string, actor: Actor, use: RequiredAction];

const allowed: Case[] = [
  ["an upload without encryption headers", build, upload({})],
  ["an upload with the project key", build, upload({ "": "aws:kms", "-aws-kms-key-id": key })],
  ["a download", build, use("s3:GetObject", `${bucket}/data.csv`)],
  ["the project key through S3", build, onKey("GenerateDataKey", "s3")],
  [
    "the SageMaker pipeline of the project",
    build,
    use("sagemaker:CreatePipeline", `${sagemaker}:pipeline/mlops-churn--dev--training`),
  ],
  ["passing the execution role to SageMaker", build, passRole("execution")],
  [
    "listing the model versions of the project",
    build,
    use("sagemaker:ListModelPackages", `${sagemaker}:model-package/mlops-churn--dev--models/*`),
  ],
  [
    "writing the build log",
    build,
    use(
      "logs:PutLogEvents",
      "arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/mlops-churn--dev--modelbuild:log-stream:1",
    ),
  ],
  ["passing the execution role to a job", execution, passRole("execution")],
  ["a training job of a SageMaker pipeline", execution, training("pipelines-abc-train-def")],
  ["registering a model version as pending", execution, register("PendingManualApproval")],
  [
    "metrics in SageMaker's namespace",
    execution,
    use("cloudwatch:PutMetricData", "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default", {
      "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs",
    }),
  ],
  ["sts:GetCallerIdentity", build, use("sts:GetCallerIdentity", "*")],
  ["an undelivered event of the push rule", rule(), use("sqs:SendMessage", queue)],
  ["the key of the DLQ", rule(), encryptingFor(queue)],
  ["a notification", notifications, use("sns:Publish", projectTopic)],
  ["the project key through SNS", notifications, onKey("GenerateDataKey", "sns")],
];

const inPolicy = (kind: string) => `with an explicit deny in a ${kind} policy`;
const noPolicy = (kind: string, action: string) =>
  `because no ${kind} policy allows the ${action} action`;

const denied: [...Case, reason: string][] = [
  [
    "an upload with another key",
    build,
    upload({ "": "aws:kms", "-aws-kms-key-id": key.replace("1234abcd", "9876abcd") }),
    inPolicy("resource-based"),
  ],
  [
    "an upload with the alias of the key",
    build,
    upload({ "": "aws:kms", "-aws-kms-key-id": "alias/mlops-churn--dev" }),
    inPolicy("resource-based"),
  ],
  [
    "an upload with the key ID",
    build,
    upload({ "": "aws:kms", "-aws-kms-key-id": "1234abcd-12ab-34cd-56ef-1234567890ab" }),
    inPolicy("resource-based"),
  ],
  ["an upload with AES256", build, upload({ "": "AES256" }), inPolicy("resource-based")],
  [
    "an upload with aws:kms and no key",
    build,
    upload({ "": "aws:kms" }),
    inPolicy("resource-based"),
  ],
  [
    "an upload with SSE-C",
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
    "deleting an object",
    build,
    use("s3:DeleteObject", `${bucket}/data.csv`),
    noPolicy("identity-based", "s3:DeleteObject"),
  ],
  [
    "reading another bucket",
    build,
    use("s3:GetObject", "arn:aws:s3:::other/data.csv"),
    noPolicy("identity-based", "s3:GetObject"),
  ],
  [
    "a bucket with the same name in another account",
    build,
    use("s3:GetObject", `${bucket}/data.csv`, { "aws:ResourceAccount": "210987654321" }),
    noPolicy("identity-based", "s3:GetObject"),
  ],
  [
    "direct use of the project key",
    build,
    onKey("Decrypt", undefined),
    noPolicy("identity-based", "kms:Decrypt"),
  ],
  [
    "another KMS key",
    build,
    onKey("Decrypt", "s3", key.replace("1234abcd", "9876abcd")),
    noPolicy("identity-based", "kms:Decrypt"),
  ],
  [
    "the project key to a role that the key policy does not name",
    { ...build, roleArn: roleArn("build").replace(":role/", ":role/other/") },
    onKey("Decrypt", "s3"),
    noPolicy("resource-based", "kms:Decrypt"),
  ],
  [
    "updating the SageMaker pipeline of another stack",
    build,
    use("sagemaker:UpdatePipeline", `${sagemaker}:pipeline/mlops-churn--prod--training`),
    noPolicy("identity-based", "sagemaker:UpdatePipeline"),
  ],
  ["passing another role", build, passRole("pipeline"), noPolicy("identity-based", "iam:PassRole")],
  [
    "passing the execution role to another service",
    build,
    passRole("execution", "lambda"),
    noPolicy("identity-based", "iam:PassRole"),
  ],
  [
    "listing the model versions of every group",
    build,
    use("sagemaker:ListModelPackages", `${sagemaker}:model-package/*`),
    noPolicy("identity-based", "sagemaker:ListModelPackages"),
  ],
  [
    "a training job created by the build role",
    build,
    training("pipelines-abc-train-def"),
    noPolicy("identity-based", "sagemaker:CreateTrainingJob"),
  ],
  [
    "a training job with another name",
    execution,
    training("mine"),
    noPolicy("identity-based", "sagemaker:CreateTrainingJob"),
  ],
  [
    "registering a model version as approved",
    execution,
    register("Approved"),
    noPolicy("identity-based", "sagemaker:CreateModelPackage"),
  ],
  [
    "creating an experiment",
    execution,
    use("sagemaker:CreateExperiment", `${sagemaker}:experiment/mlops-churn--dev--training`),
    noPolicy("identity-based", "sagemaker:CreateExperiment"),
  ],
  [
    "an undelivered event of another rule",
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
    "a notification by another role",
    execution,
    use("sns:Publish", projectTopic),
    inPolicy("resource-based"),
  ],
  [
    "a notification by the EventBridge service principal",
    rule("mlops-churn--dev--build-failed"),
    use("sns:Publish", projectTopic),
    noPolicy("resource-based", "sns:Publish"),
  ],
  [
    "a notification without TLS",
    notifications,
    use("sns:Publish", projectTopic, { "aws:SecureTransport": "false" }),
    inPolicy("resource-based"),
  ],
  [
    "a notification to another topic",
    notifications,
    use("sns:Publish", `${projectTopic}-2`),
    noPolicy("identity-based", "sns:Publish"),
  ],
  [
    "direct use of the key by the notifications role",
    notifications,
    onKey("GenerateDataKey", undefined),
    noPolicy("identity-based", "kms:GenerateDataKey"),
  ],
];

function training(name: string): RequiredAction {
  return use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/${name}`);
}

describe("policy simulator", () => {
  for (const [what, actor, asked] of allowed) {
    it(`allows ${what}`, async () => {
      assert.deepEqual((await authorize(actor, asked, policySet)).allowed, true);
    });
  }

  for (const [what, actor, asked, reason] of denied) {
    it(`denies ${what}`, async () => {
      const authorization = await authorize(actor, asked, policySet);
      assert.deepEqual([authorization.allowed, authorization.reason], [false, reason]);
    });
  }

  it("lets only the trusted service assume a role", async () => {
    const assume = use("sts:AssumeRole", roleArn("build"));
    const project = (name: string, account = "123456789012") => ({
      service: "codebuild.amazonaws.com",
      sourceArn: `arn:aws:codebuild:us-east-1:${account}:project/${name}`,
    });
    const callers = [
      project("mlops-churn--dev--modelbuild"),
      project("other"),
      project("mlops-churn--dev--modelbuild", "210987654321"),
      { ...project("mlops-churn--dev--modelbuild"), service: "lambda.amazonaws.com" },
    ];
    const decisions = await Promise.all(
      callers.map((caller) => authorize(caller, assume, policySet)),
    );
    assert.deepEqual(
      decisions.map((decision) => decision.allowed),
      [true, false, false, false],
    );
  });

  it("passes aws:SourceArn and aws:SourceAccount to trust policies", async () => {
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "codebuild.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    };
    const document = { Version: "2012-10-17", Statement };
    const anyProject = {
      ...policySet,
      policies: { ...policies, ofResource: () => Promise.resolve(document) },
    };
    const from = (account: string) => ({
      service: "codebuild.amazonaws.com",
      sourceArn: `arn:aws:codebuild:us-east-1:${account}:project/any`,
    });
    const assume = use("sts:AssumeRole", roleArn("build"));
    const own = await authorize(from("123456789012"), assume, anyProject);
    const foreign = await authorize(from("210987654321"), assume, anyProject);
    assert.deepEqual([own.allowed, foreign.allowed], [true, false]);
  });

  it("passes no aws:SourceArn of EventBridge to KMS and SNS", async () => {
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:GenerateDataKey", "sns:Publish"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    };
    const document = { Version: "2012-10-17", Statement };
    const asksForTheSource = {
      ...policySet,
      policies: { ...policies, ofResource: () => Promise.resolve(document) },
    };
    const asked = encryptingFor(queue);
    for (const one of [asked, use("sns:Publish", projectTopic)]) {
      assert.equal((await authorize(rule(), one, asksForTheSource)).allowed, false);
    }
  });

  it("applies the permissions boundary of a role", async () => {
    const Statement = [{ Effect: "Allow", Action: "sagemaker:*", Resource: "*" }];
    const boundary = { name: "boundary", document: { Version: "2012-10-17", Statement } };
    const bounded: PolicySet = {
      ...policySet,
      policies: {
        ...policies,
        ofRole: async (role) => ({ ...(await policies.ofRole(role)), boundary }),
      },
    };
    const { allowed, reason } = await authorize(
      build,
      use("s3:GetObject", `${bucket}/data.csv`),
      bounded,
    );
    assert.deepEqual(
      [allowed, reason],
      [false, "because no permissions boundary allows the s3:GetObject action"],
    );
  });

  it("rejects unknown actions, resource types and condition keys", async () => {
    await assert.rejects(
      authorize(build, use("s3:Frobnicate", bucket), policySet),
      /invalid\.action/,
    );
    await assert.rejects(
      authorize(build, use("sagemaker:CreatePipeline", bucket), policySet),
      /no\.resource\.types/,
    );
    await assert.rejects(
      authorize(build, use("s3:GetObject", "*"), policySet),
      /no concrete resource/,
    );
    await assert.rejects(
      authorize(build, use("s3:GetObject", `${bucket}/a`, { "s3:delimiter": "/" }), policySet),
      /s3:GetObject does not support the condition keys s3:delimiter/,
    );
  });
});

describe("decision log", () => {
  it("stops at the first denied action", async () => {
    const authorizer = createAuthorizer(policySet);
    await authorizer.try(build, "s3:ListBuckets", [use("s3:ListAllMyBuckets", "*"), upload({})]);
    await authorizer.try(build, "s3:PutObject", [upload({})]);
    assert.deepEqual(
      authorizer.decisions.map(({ action, allowed }) => [action, allowed]),
      [
        ["s3:ListAllMyBuckets", false],
        ["s3:PutObject", true],
      ],
    );
  });

  it("tells a denial that the role's own policy allows from one that no policy allows", async () => {
    const authorizer = createAuthorizer(policySet);
    await authorizer.try(build, "s3:ListBuckets", [use("s3:ListAllMyBuckets", "*")]);
    await authorizer.try(build, "s3:PutObject", [upload({ "": "AES256" })]);
    assert.deepEqual(
      authorizer.decisions.map(({ action, allowed, isGranted }) => [action, allowed, isGranted]),
      [
        ["s3:ListAllMyBuckets", false, undefined],
        ["s3:PutObject", false, true],
      ],
    );
  });

  it("counts an action that cannot be evaluated as denied", async () => {
    const authorizer = createAuthorizer(policySet);
    await authorizer.try(build, "s3:Frobnicate", [use("s3:Frobnicate", bucket)]);
    assert.deepEqual(
      authorizer.decisions.map(({ action, allowed, resource }) => [action, allowed, resource]),
      [
        [
          "s3:Frobnicate",
          false,
          `(cannot be evaluated: s3:Frobnicate on ${bucket}: ` +
            'the policy simulator rejects the request: {"message":"invalid.action"})',
        ],
      ],
    );
  });

  it("names the alarm of CloudWatch to topic and key policies, and no rule of EventBridge", async () => {
    const alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:churn-errors";
    const circumstances = { "aws:SourceAccount": "123456789012", "aws:SourceArn": alarm };
    const allow = (Action: string) => ({
      Effect: "Allow",
      Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
      Action,
      Resource: "*",
      Condition: { StringEquals: circumstances },
    });
    const Statement = [allow("sns:Publish"), allow("kms:Decrypt")];
    const ofResource = () => Promise.resolve({ Version: "2012-10-17", Statement });
    const account: PolicySet = { ...policySet, policies: { ...policies, ofResource } };
    const cloudwatch = (sourceArn: string): Actor => ({
      service: "cloudwatch.amazonaws.com",
      sourceArn,
    });
    for (const asked of [use("sns:Publish", projectTopic), use("kms:Decrypt", key)]) {
      assert.equal((await authorize(cloudwatch(alarm), asked, account)).allowed, true);
      assert.equal((await authorize(cloudwatch(`${alarm}-2`), asked, account)).allowed, false);
      assert.equal((await authorize(rule(), asked, account)).allowed, false);
    }
  });

  it("evaluates with the new policies after they change", async () => {
    const authorizer = createAuthorizer(policySet);
    await authorizer.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    const without = { ...policies, ofRole: () => Promise.resolve({ identity: [] }) };
    authorizer.move({ ...policySet, policies: without });
    await authorizer.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    assert.deepEqual(
      authorizer.decisions.map((decision) => decision.allowed),
      [true, false],
    );
  });
});

describe("review of necessary and unused actions", () => {
  it("names the first call that is denied without each used action, and each unused action", async () => {
    const authorizer = createAuthorizer(policySet);
    const pushRule = session("push-rule");
    const start = use(
      "codepipeline:StartPipelineExecution",
      "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modelbuild",
    );
    await authorizer.try(pushRule, "codepipeline:StartPipelineExecution", [start]);
    await authorizer.try(build, "sagemaker:CreatePipeline", [
      use("sagemaker:CreatePipeline", `${sagemaker}:pipeline/mlops-churn--dev--training`),
      passRole("execution"),
    ]);
    const { needed, unused } = await review(authorizer.actorDecisions, policySet);
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
          "mlops-churn--dev--push-rule-use1",
          "StartPipeline",
          start.action,
          start.action,
          start.resource,
        ],
        [
          "mlops-churn--dev--build-use1",
          "PipelineUpsertAndStart",
          "sagemaker:CreatePipeline",
          "sagemaker:CreatePipeline",
          `${sagemaker}:pipeline/mlops-churn--dev--training`,
        ],
        [
          "mlops-churn--dev--build-use1",
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

  it("separates actions that two statements grant from necessary ones", async () => {
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
    const twice: PolicySet = {
      ...policySet,
      policies: { ...policies, ofRole: () => Promise.resolve({ identity }) },
    };
    const authorizer = createAuthorizer(twice);
    await authorizer.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    const permission = { role: "mlops-churn--dev--build-use1", policy: "main", action: "s3:Get*" };
    assert.deepEqual(await review(authorizer.actorDecisions, twice), {
      needed: [
        { ...permission, statement: "First" },
        { ...permission, statement: "Second" },
      ],
      unused: [{ ...permission, statement: "Elsewhere" }],
    });
  });

  it("reviews the permissions of the stack without those of the settings", async () => {
    const allow = (Sid: string) => ({
      Version: "2012-10-17",
      Statement: [{ Sid, Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}/*` }],
    });
    const identity = [
      { name: "permissions", document: allow("Own") },
      { name: "policy-statements", document: allow("PolicyStatements0") },
    ];
    const both: PolicySet = {
      ...policySet,
      policies: { ...policies, ofRole: () => Promise.resolve({ identity }) },
    };
    const authorizer = createAuthorizer(both);
    await authorizer.try(build, "s3:GetObject", [use("s3:GetObject", `${bucket}/a`)]);
    const { needed } = await review(authorizer.actorDecisions, both);
    assert.deepEqual(
      needed.map(({ firstDenied, statement }) => [statement, firstDenied?.action]),
      [
        ["Own", "s3:GetObject"],
        ["PolicyStatements0", undefined],
      ],
    );
  });
});

import { strict as assert } from "node:assert";

import { evaluateRule } from "../../policy/evaluateRule";
import { type Props, unknownValue } from "../../policy/resource";
import { resourceRules } from "../../policy/rules";
import { allow, document, resource, ruleNamed, trusting } from "./support";

interface Case {
  readonly type: string;
  /** Accepted properties, by description. */
  readonly accepted: Readonly<Record<string, Props>>;
  /** Rejected properties and the expected message, by description. */
  readonly rejected: Readonly<Record<string, readonly [Props, RegExp]>>;
}

const account = { StringEquals: { "aws:SourceAccount": "123456789012" } };
const passed = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };
const role = "arn:aws:iam::123456789012:role/training";
const source = (PollForSourceChanges?: unknown, provider = "CodeCommit") => ({
  stages: [
    { name: "S", actions: [{ name: "Code", provider, configuration: { PollForSourceChanges } }] },
  ],
});
const build = (EnvironmentVariables?: string) => ({
  stages: [
    {
      name: "B",
      actions: [{ name: "Build", provider: "CodeBuild", configuration: { EnvironmentVariables } }],
    },
  ],
});
const variable = (name: string, value: unknown, type = "PLAINTEXT") => ({
  environment: { environmentVariables: [{ name, value, type }] },
});
const policy = (statement: object) => ({ policy: document(statement) });
const variants = (...productionVariants: object[]) => ({ productionVariants });
const rollingBack = (alarms: object[]) => ({
  deploymentConfig: { autoRollbackConfiguration: { alarms } },
});
const trust = (Principal: unknown, Condition?: object) => ({
  assumeRolePolicy: document(trusting(Principal, Condition)),
});

const cases: Readonly<Record<string, Case>> = {
  "iam-no-broad-managed-policy": {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    accepted: {
      "a customer managed policy": { policyArn: "arn:aws:iam::123456789012:policy/AdminOfNothing" },
      "a narrow AWS managed policy": {
        policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      },
    },
    rejected: {
      "an AWS managed policy for a whole service": [
        { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
        /AmazonS3FullAccess/,
      ],
      AdministratorAccess: [
        { policyArn: "arn:aws-cn:iam::aws:policy/AdministratorAccess" },
        /Administrator/,
      ],
      "managedPolicyArns of a role": [
        { managedPolicyArns: ["arn:aws:iam::aws:policy/job-function/DataScientistPowerUser"] },
        /PowerUser/,
      ],
    },
  },
  "iam-no-wildcard-actions": {
    type: "aws:iam/rolePolicy:RolePolicy",
    accepted: {
      "named actions": policy(allow("s3:GetObject", "arn:aws:s3:::a/*")),
      "a Deny statement with a wildcard": policy({ Effect: "Deny", Action: "s3:*", Resource: "*" }),
      "a partly unknown document": {
        policy: { Version: "2012-10-17", Statement: [allow(["kms:Decrypt"], unknownValue)] },
      },
    },
    rejected: {
      "an action with a wildcard": [
        policy(allow(["s3:GetObject", "s3:Put*"], "*")),
        /allows s3:Put\*/,
      ],
      NotAction: [
        policy({ Sid: "Most", Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
        /statement Most/,
      ],
      "an inline policy with a wildcard": [
        { inlinePolicies: [{ name: "a", policy: document(allow("*", "*")) }] },
        /allows \*/,
      ],
    },
  },
  "iam-pass-role-restricted": {
    type: "aws:iam/rolePolicy:RolePolicy",
    accepted: {
      "one role for one service": policy(allow("iam:PassRole", role, passed)),
      "an unknown role ARN": {
        policy: { Statement: allow("iam:PassRole", unknownValue, passed) },
      },
      "a policy without iam:PassRole": policy(allow("s3:GetObject", "*")),
    },
    rejected: {
      "every role": [policy(allow("iam:PassRole", "*", passed)), /matches \*/],
      "a role ARN with a wildcard": [
        policy(allow("iam:PassRole", `${role}-*`, passed)),
        /training-\*/,
      ],
      "a missing iam:PassedToService": [policy(allow("iam:passrole", role)), /PassedToService/],
      "iam:PassedToService with a wildcard": [
        policy(allow("iam:PassRole", role, { StringLike: { "iam:PassedToService": "*" } })),
        /PassedToService/,
      ],
      "iam:PassRole within a wildcard": [policy(allow("iam:Pass*", role)), /any service/],
    },
  },
  "iam-trust-policy-restricted": {
    type: "aws:iam/role:Role",
    accepted: {
      "a service with aws:SourceAccount": trust({ Service: "codebuild.amazonaws.com" }, account),
      "a service with an unknown aws:SourceArn": {
        assumeRolePolicy: {
          Statement: trusting(
            { Service: "events.amazonaws.com" },
            { ArnEquals: { "AWS:SourceArn": unknownValue } },
          ),
        },
      },
      "a service that sends no source keys": trust({ Service: "ec2.amazonaws.com" }),
      "a named role": trust({ AWS: role }),
    },
    rejected: {
      "the principal *": [trust("*"), /every principal/],
      "the principal AWS: * with a condition": [trust({ AWS: "*" }, account), /every principal/],
      "a service without a source condition": [
        trust({ Service: ["sagemaker.amazonaws.com"] }),
        /aws:SourceAccount/,
      ],
      "a condition with a Not operator": [
        trust(
          { Service: "codebuild.amazonaws.com" },
          { StringNotEquals: { "aws:SourceAccount": "1" } },
        ),
        /codebuild/,
      ],
      "a condition on the value *": [
        trust({ Service: "codebuild.amazonaws.com" }, { StringLike: { "aws:SourceArn": "*" } }),
        /codebuild/,
      ],
    },
  },
  "kms-key-rotation": {
    type: "aws:kms/key:Key",
    accepted: {
      "a key with rotation": { enableKeyRotation: true },
      "an asymmetric key": { customerMasterKeySpec: "RSA_2048" },
      "a key in a custom key store": { customKeyStoreId: "cks-1" },
    },
    rejected: {
      "a missing setting": [{}, /enableKeyRotation/],
      "a disabled setting": [
        { enableKeyRotation: false, customerMasterKeySpec: "SYMMETRIC_DEFAULT" },
        /rotate/,
      ],
    },
  },
  "codebuild-no-privileged-mode": {
    type: "aws:codebuild/project:Project",
    accepted: {
      "disabled privileged mode": { environment: { privilegedMode: false } },
      "a missing setting": { environment: {} },
    },
    rejected: { "privileged mode": [{ environment: { privilegedMode: true } }, /privileged/] },
  },
  "codebuild-no-plaintext-secrets": {
    type: "aws:codebuild/project:Project",
    accepted: {
      "a reference to a secret": variable("DB_PASSWORD", "prod/db", "SECRETS_MANAGER"),
      "the ARN of a secret": variable(
        "TOKEN_SECRET_ARN",
        "arn:aws:secretsmanager:us-east-1:1:secret:a",
      ),
      "the URL of a secrets provider": variable("PULUMI_SECRETS_PROVIDER", "awskms:///alias/a"),
      "the ID of a key": variable("ARTIFACT_BUCKET_KMS_ID", unknownValue),
    },
    rejected: {
      "the name of a secret": [variable("DB_PASSWORD", "hunter2"), /DB_PASSWORD/],
      "the name of a secret, without a type": [
        { environment: { environmentVariables: [{ name: "apiKey", value: "x" }] } },
        /apiKey/,
      ],
      "an access key ID": [variable("USER", "AKIAABCDEFGHIJKLMNOP"), /USER/],
    },
  },
  "log-group-retention": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    accepted: {
      "one year": { retentionInDays: 365 },
      "the log group class DELIVERY": { logGroupClass: "DELIVERY" },
    },
    rejected: {
      "a missing setting": [{}, /retentionInDays/],
      "retention 0": [{ retentionInDays: 0 }, /permanently/],
    },
  },
  "codepipeline-type-v2": {
    type: "aws:codepipeline/pipeline:Pipeline",
    accepted: { V2: { pipelineType: "V2" } },
    rejected: { V1: [{ pipelineType: "V1" }, /V2/], "a missing setting": [{}, /V2/] },
  },
  "codepipeline-no-polling": {
    type: "aws:codepipeline/pipeline:Pipeline",
    accepted: {
      "a disabled setting": source("false"),
      "another source provider": source(undefined, "CodeStarSourceConnection"),
    },
    rejected: {
      "a missing setting": [source(), /Code polls/],
      "enabled polling": [source("true"), /EventBridge/],
    },
  },
  "codepipeline-no-variables-in-environment": {
    type: "aws:codepipeline/pipeline:Pipeline",
    accepted: {
      "no environment variables": build(),
      "the ID of the execution": build(
        '[{"name":"ID","value":"#{codepipeline.PipelineExecutionId}"}]',
      ),
      "a variable of a source action": build('[{"name":"C","value":"#{Source.CommitId}"}]'),
    },
    rejected: {
      "a pipeline variable": [
        build('[{"name":"MODEL","value":"#{variables.MODEL}","type":"PLAINTEXT"}]'),
        /Action Build passes #\{variables\.MODEL\} in/,
      ],
      "a pipeline variable within a value": [
        build('[{"name":"MODEL","value":"s3://models/#{variables.NAME}/model.tar.gz"}]'),
        /GetPipelineExecution/,
      ],
      "a pipeline variable as a name": [
        build('[{"name":"#{variables.NAME}","value":"a"}]'),
        /#\{variables\.NAME\}/,
      ],
    },
  },
  "events-target-dead-letter-queue": {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    accepted: { "a DLQ": { deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:1:a" } } },
    rejected: {
      "a missing setting": [{}, /deadLetterConfig/],
      "an empty value": [{ deadLetterConfig: { arn: "" } }, /lost/],
    },
  },
  "sagemaker-model-network-isolation": {
    type: "aws:sagemaker/model:Model",
    accepted: { "network isolation": { enableNetworkIsolation: true } },
    rejected: {
      "a missing setting": [{}, /enableNetworkIsolation/],
      "a disabled setting": [{ enableNetworkIsolation: false }, /network/],
    },
  },
  "sagemaker-endpoint-volume-encryption": {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    accepted: {
      "a KMS key": { kmsKeyArn: "arn:aws:kms:it", ...variants({ instanceType: "ml.m5.large" }) },
      "instance types with local storage": variants(
        { instanceType: "ml.g5.xlarge" },
        { instanceType: "ml.dl1.24xlarge" },
        { instanceType: "ml.m6gd.large" },
      ),
      "a serverless variant": variants({
        serverlessConfig: { maxConcurrency: 5, memorySizeInMb: 1024 },
      }),
    },
    rejected: {
      "a missing setting": [variants({ instanceType: "ml.m5.large" }), /kmsKeyArn/],
      "an empty value": [
        { kmsKeyArn: "", ...variants({ instanceType: "ml.inf2.xlarge" }) },
        /named KMS key/,
      ],
      "two variants, one with local storage": [
        variants({ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.m5.large" }),
        /kmsKeyArn/,
      ],
    },
  },
  "sagemaker-endpoint-auto-rollback": {
    type: "aws:sagemaker/endpoint:Endpoint",
    accepted: { "an alarm": rollingBack([{ alarmName: "errors" }]) },
    rejected: {
      "a missing setting": [{}, /autoRollbackConfiguration/],
      "a blue/green update without alarms": [
        { deploymentConfig: { blueGreenUpdatePolicy: {} } },
        /alarms/,
      ],
      "an empty list of alarms": [rollingBack([]), /alarms/],
    },
  },
  "sns-topic-encryption": {
    type: "aws:sns/topic:Topic",
    accepted: { "a KMS key": { kmsMasterKeyId: "alias/a" } },
    rejected: { "a missing setting": [{}, /kmsMasterKeyId/] },
  },
  "sqs-queue-encryption": {
    type: "aws:sqs/queue:Queue",
    accepted: {
      "a KMS key": { kmsMasterKeyId: "alias/a" },
      "SSE-SQS": { sqsManagedSseEnabled: true },
    },
    rejected: { "a missing setting": [{}, /sqsManagedSseEnabled/] },
  },
};

describe("resource rules of the policy pack", () => {
  for (const [name, { accepted, rejected, type }] of Object.entries(cases)) {
    describe(name, () => {
      const rule = ruleNamed(name);
      for (const [description, props] of Object.entries(accepted)) {
        it(`accepts ${description}`, () => {
          assert.deepEqual(evaluateRule(rule, resource(type, props), {}).problems, []);
        });
        it(`accepts ${description} with any single value unknown`, () => {
          for (const partial of withOneUnknown(props)) {
            assert.deepEqual(evaluateRule(rule, resource(type, partial), {}).problems, []);
          }
        });
      }
      for (const [description, [props, message]] of Object.entries(rejected)) {
        it(`rejects ${description}`, () => {
          const { problems } = evaluateRule(rule, resource(type, props), {});
          assert.equal(problems.length > 0, true);
          assert.match(problems.join("\n"), message);
        });
      }
      it("ignores other resource types", () => {
        const other = resource("aws:ec2/vpc:Vpc", {});
        assert.deepEqual(evaluateRule(rule, other, {}), { problems: [], unchecked: [] });
      });
    });
  }

  it("require two endpoint instances only in prod stacks", () => {
    const rule = ruleNamed("sagemaker-prod-endpoint-instance-count");
    const found = (stack: string, props: Props, config: Props = {}) =>
      evaluateRule(rule, resource(rule.types[0] ?? "", props, { stack }), config).problems.length;
    const one = variants({ initialInstanceCount: 1, instanceType: "ml.m5.large" });
    const two = variants({ initialInstanceCount: 2, instanceType: "ml.m5.large" });
    assert.deepEqual([found("prod", one), found("prod", two), found("staging", one)], [1, 0, 0]);
    // The default of SageMaker is one instance.
    assert.equal(found("prod", variants({ instanceType: "ml.m5.large" })), 1);
    assert.equal(found("prod", variants({ serverlessConfig: { maxConcurrency: 5 } })), 0);
    for (const partial of withOneUnknown(two)) assert.equal(found("prod", partial), 0);
    for (const partial of withOneUnknown(one).slice(0, 3)) assert.equal(found("prod", partial), 0);
    assert.equal(found("live", one, { prodStacks: ["live"] }), 1);
    assert.equal(found("prod", one, { prodStacks: ["live"] }), 0);
  });

  it("all have a test here or in stack.test.ts", () => {
    const tested = [
      ...Object.keys(cases),
      "prod-deletion-protection",
      "sagemaker-prod-endpoint-instance-count",
    ];
    assert.deepEqual(resourceRules.map(({ name }) => name).sort(), tested.sort());
  });

  it("skip only the permissions boundaries that the config lists", () => {
    const policy = document(allow("s3:*", "arn:aws:s3:::a/*"));
    const found = (type: string, name: string) =>
      evaluateRule(ruleNamed("iam-no-wildcard-actions"), resource(type, { name, policy }), {
        boundaries: ["boundary"],
      }).problems.length;
    assert.equal(found("aws:iam/policy:Policy", "boundary"), 0);
    assert.equal(found("aws:iam/policy:Policy", "another"), 1);
    assert.equal(found("aws:iam/rolePolicy:RolePolicy", "boundary"), 1);
  });

  it("report inputs that cannot be checked", () => {
    const target = resource("aws:cloudwatch/eventTarget:EventTarget", {
      deadLetterConfig: unknownValue,
    });
    const result = evaluateRule(ruleNamed("events-target-dead-letter-queue"), target, {});
    assert.deepEqual(result, { problems: [], unchecked: ["deadLetterConfig"] });
  });
});

/** Variants of the properties, each with one value unknown, at every level. */
function withOneUnknown(props: Props): Props[] {
  return Object.entries(props).flatMap(([key, value]) =>
    variantsWithUnknown(value).map((variant) => ({ ...props, [key]: variant })),
  );
}

function variantsWithUnknown(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    const nested = list.flatMap((one, index) =>
      variantsWithUnknown(one).map((it) => list.map((old, at) => (at === index ? it : old))),
    );
    return [unknownValue, ...nested];
  }
  if (typeof value !== "object" || value === null) return [unknownValue];
  const nested = Object.entries(value).flatMap(([key, one]) =>
    variantsWithUnknown(one).map((it) => ({ ...value, [key]: it })),
  );
  return [unknownValue, ...nested];
}

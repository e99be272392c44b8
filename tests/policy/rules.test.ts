import { strict as assert } from "node:assert";

import { judge } from "../../policy/judge";
import { type Props, notYet } from "../../policy/resource";
import { resourceRules } from "../../policy/rules";
import { allow, document, resource, ruleNamed, trusting } from "./support";

interface Case {
  readonly type: string;
  /** What the rule is content with, by why. */
  readonly good: Readonly<Record<string, Props>>;
  /** What it refuses, by why, and the words that the message must hold. */
  readonly bad: Readonly<Record<string, readonly [Props, RegExp]>>;
}

const account = { StringEquals: { "aws:SourceAccount": "123456789012" } };
const passed = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };
const role = "arn:aws:iam::123456789012:role/training";
const source = (PollForSourceChanges?: unknown, provider = "CodeCommit") => ({
  stages: [
    { name: "S", actions: [{ name: "Code", provider, configuration: { PollForSourceChanges } }] },
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
  "no-wide-managed-policy": {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    good: {
      "a policy of one's own": { policyArn: "arn:aws:iam::123456789012:policy/AdminOfNothing" },
      "a narrow one": {
        policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      },
    },
    bad: {
      "a whole service": [
        { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
        /AmazonS3FullAccess/,
      ],
      everything: [
        { policyArn: "arn:aws-cn:iam::aws:policy/AdministratorAccess" },
        /Administrator/,
      ],
      "on the role itself": [
        { managedPolicyArns: ["arn:aws:iam::aws:policy/job-function/DataScientistPowerUser"] },
        /PowerUser/,
      ],
    },
  },
  "actions-are-named": {
    type: "aws:iam/rolePolicy:RolePolicy",
    good: {
      "named actions": policy(allow("s3:GetObject", "arn:aws:s3:::a/*")),
      "a wide denial": policy({ Effect: "Deny", Action: "s3:*", Resource: "*" }),
      "an object that is partly unknown": {
        policy: { Version: "2012-10-17", Statement: [allow(["kms:Decrypt"], notYet)] },
      },
    },
    bad: {
      "a family of actions": [policy(allow(["s3:GetObject", "s3:Put*"], "*")), /allows s3:Put\*/],
      "all but some": [
        policy({ Sid: "Most", Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
        /statement Most/,
      ],
      "in a role's inline policy": [
        { inlinePolicies: [{ name: "a", policy: document(allow("*", "*")) }] },
        /allows \*/,
      ],
    },
  },
  "pass-role-is-guarded": {
    type: "aws:iam/rolePolicy:RolePolicy",
    good: {
      "one role to one service": policy(allow("iam:PassRole", role, passed)),
      "a role that is not known yet": {
        policy: { Statement: allow("iam:PassRole", notYet, passed) },
      },
      "nothing passed": policy(allow("s3:GetObject", "*")),
    },
    bad: {
      "any role": [policy(allow("iam:PassRole", "*", passed)), /like \*/],
      "a pattern of roles": [policy(allow("iam:PassRole", `${role}-*`, passed)), /training-\*/],
      "any service": [policy(allow("iam:passrole", role)), /PassedToService/],
      "services by a pattern": [
        policy(allow("iam:PassRole", role, { StringLike: { "iam:PassedToService": "*" } })),
        /PassedToService/,
      ],
      "hidden in a wildcard": [policy(allow("iam:Pass*", role)), /any service/],
    },
  },
  "trust-is-pinned": {
    type: "aws:iam/role:Role",
    good: {
      "a service for this account": trust({ Service: "codebuild.amazonaws.com" }, account),
      "a service for one resource that is not known yet": {
        assumeRolePolicy: {
          Statement: trusting(
            { Service: "events.amazonaws.com" },
            { ArnEquals: { "AWS:SourceArn": notYet } },
          ),
        },
      },
      "a service that does not say for whom it acts": trust({ Service: "ec2.amazonaws.com" }),
      "a named role": trust({ AWS: role }),
    },
    bad: {
      everyone: [trust("*"), /everyone/],
      "everyone in AWS, even under a condition": [trust({ AWS: "*" }, account), /everyone/],
      "a service whoever it acts for": [
        trust({ Service: ["sagemaker.amazonaws.com"] }),
        /aws:SourceAccount/,
      ],
      "a condition that keeps some out": [
        trust(
          { Service: "codebuild.amazonaws.com" },
          { StringNotEquals: { "aws:SourceAccount": "1" } },
        ),
        /codebuild/,
      ],
      "a condition that anything meets": [
        trust({ Service: "codebuild.amazonaws.com" }, { StringLike: { "aws:SourceArn": "*" } }),
        /codebuild/,
      ],
    },
  },
  "keys-rotate": {
    type: "aws:kms/key:Key",
    good: {
      "a key that rotates": { enableKeyRotation: true },
      "a key that cannot": { customerMasterKeySpec: "RSA_2048" },
      "a key in one's own store": { customKeyStoreId: "cks-1" },
    },
    bad: {
      "nothing said": [{}, /enableKeyRotation/],
      "switched off": [
        { enableKeyRotation: false, customerMasterKeySpec: "SYMMETRIC_DEFAULT" },
        /rotate/,
      ],
    },
  },
  "builds-are-unprivileged": {
    type: "aws:codebuild/project:Project",
    good: {
      without: { environment: { privilegedMode: false } },
      "nothing said": { environment: {} },
    },
    bad: { privileged: [{ environment: { privilegedMode: true } }, /privileged/] },
  },
  "builds-keep-no-plain-secret": {
    type: "aws:codebuild/project:Project",
    good: {
      "a reference": variable("DB_PASSWORD", "prod/db", "SECRETS_MANAGER"),
      "a pointer to a secret": variable(
        "TOKEN_SECRET_ARN",
        "arn:aws:secretsmanager:us-east-1:1:secret:a",
      ),
      "who keeps secrets": variable("PULUMI_SECRETS_PROVIDER", "awskms:///alias/a"),
      "a key's id": variable("ARTIFACT_BUCKET_KMS_ID", notYet),
    },
    bad: {
      "a telling name": [variable("DB_PASSWORD", "hunter2"), /DB_PASSWORD/],
      "a telling name without a type": [
        { environment: { environmentVariables: [{ name: "apiKey", value: "x" }] } },
        /apiKey/,
      ],
      "a telling value": [variable("USER", "AKIAABCDEFGHIJKLMNOP"), /USER/],
    },
  },
  "logs-have-a-retention": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    good: {
      "a year": { retentionInDays: 365 },
      "a class with its own": { logGroupClass: "DELIVERY" },
    },
    bad: {
      "nothing said": [{}, /retentionInDays/],
      "for ever": [{ retentionInDays: 0 }, /for ever/],
    },
  },
  "pipelines-are-v2": {
    type: "aws:codepipeline/pipeline:Pipeline",
    good: { V2: { pipelineType: "V2" } },
    bad: { V1: [{ pipelineType: "V1" }, /V2/], "nothing said": [{}, /V2/] },
  },
  "sources-are-not-polled": {
    type: "aws:codepipeline/pipeline:Pipeline",
    good: {
      "switched off": source("false"),
      "another source": source(undefined, "CodeStarSourceConnection"),
    },
    bad: {
      "nothing said": [source(), /Code polls/],
      "switched on": [source("true"), /EventBridge/],
    },
  },
  "targets-have-dead-letters": {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    good: { "a queue": { deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:1:a" } } },
    bad: {
      "nothing said": [{}, /deadLetterConfig/],
      "an empty one": [{ deadLetterConfig: { arn: "" } }, /lost/],
    },
  },
  "models-are-isolated": {
    type: "aws:sagemaker/model:Model",
    good: { isolated: { enableNetworkIsolation: true } },
    bad: {
      "nothing said": [{}, /enableNetworkIsolation/],
      "switched off": [{ enableNetworkIsolation: false }, /network/],
    },
  },
  "endpoint-volumes-use-a-key": {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    good: {
      "a key": { kmsKeyArn: "arn:aws:kms:it", ...variants({ instanceType: "ml.m5.large" }) },
      "machines with disks of their own": variants(
        { instanceType: "ml.g5.xlarge" },
        { instanceType: "ml.m6gd.large" },
      ),
      "no machines": variants({ serverlessConfig: { maxConcurrency: 5, memorySizeInMb: 1024 } }),
    },
    bad: {
      "nothing said": [variants({ instanceType: "ml.m5.large" }), /kmsKeyArn/],
      "an empty one": [
        { kmsKeyArn: "", ...variants({ instanceType: "ml.inf2.xlarge" }) },
        /key of yours/,
      ],
      "one machine of two with disks of its own": [
        variants({ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.m5.large" }),
        /kmsKeyArn/,
      ],
    },
  },
  "endpoints-roll-back": {
    type: "aws:sagemaker/endpoint:Endpoint",
    good: { "an alarm": rollingBack([{ alarmName: "errors" }]) },
    bad: {
      "nothing said": [{}, /autoRollbackConfiguration/],
      "traffic that shifts without an alarm": [
        { deploymentConfig: { blueGreenUpdatePolicy: {} } },
        /alarms/,
      ],
      "no alarm": [rollingBack([]), /alarms/],
    },
  },
  "topics-are-encrypted": {
    type: "aws:sns/topic:Topic",
    good: { "a key": { kmsMasterKeyId: "alias/a" } },
    bad: { "nothing said": [{}, /kmsMasterKeyId/] },
  },
  "queues-are-encrypted": {
    type: "aws:sqs/queue:Queue",
    good: { "a key": { kmsMasterKeyId: "alias/a" }, "SQS's own": { sqsManagedSseEnabled: true } },
    bad: { "nothing said": [{}, /sqsManagedSseEnabled/] },
  },
};

describe("the policy pack's rules for one resource", () => {
  for (const [name, { bad, good, type }] of Object.entries(cases)) {
    describe(name, () => {
      const rule = ruleNamed(name);
      for (const [why, props] of Object.entries(good)) {
        it(`is content with ${why}`, () => {
          assert.deepEqual(judge(rule, resource(type, props), {}).problems, []);
        });
        it(`raises no alarm over ${why} while any one value of it is unknown`, () => {
          for (const less of withoutOneValue(props)) {
            assert.deepEqual(judge(rule, resource(type, less), {}).problems, []);
          }
        });
      }
      for (const [why, [props, words]] of Object.entries(bad)) {
        it(`refuses ${why}, and says what to do`, () => {
          const { problems } = judge(rule, resource(type, props), {});
          assert.equal(problems.length > 0, true);
          assert.match(problems.join("\n"), words);
        });
      }
      it("has nothing to say of other types", () => {
        const other = resource("aws:ec2/vpc:Vpc", {});
        assert.deepEqual(judge(rule, other, {}), { problems: [], unseen: [] });
      });
    });
  }

  it("want two instances of an endpoint, in prod alone", () => {
    const rule = ruleNamed("prod-endpoints-have-two-instances");
    const found = (stack: string, props: Props, config: Props = {}) =>
      judge(rule, resource(rule.types[0] ?? "", props, { stack }), config).problems.length;
    const one = variants({ initialInstanceCount: 1, instanceType: "ml.m5.large" });
    const two = variants({ initialInstanceCount: 2, instanceType: "ml.m5.large" });
    assert.deepEqual([found("prod", one), found("prod", two), found("staging", one)], [1, 0, 0]);
    // Left out, SageMaker starts one.
    assert.equal(found("prod", variants({ instanceType: "ml.m5.large" })), 1);
    assert.equal(found("prod", variants({ serverlessConfig: { maxConcurrency: 5 } })), 0);
    for (const less of withoutOneValue(two)) assert.equal(found("prod", less), 0);
    for (const less of withoutOneValue(one).slice(0, 3)) assert.equal(found("prod", less), 0);
    assert.equal(found("live", one, { prodStacks: ["live"] }), 1);
    assert.equal(found("prod", one, { prodStacks: ["live"] }), 0);
  });

  it("are all tried here, or with the data they protect", () => {
    const tried = [
      ...Object.keys(cases),
      "prod-data-is-protected",
      "prod-endpoints-have-two-instances",
    ];
    assert.deepEqual(resourceRules.map(({ name }) => name).sort(), tried.sort());
  });

  it("leave out the policies that they are told are boundaries, and no other", () => {
    const policy = document(allow("s3:*", "arn:aws:s3:::a/*"));
    const found = (type: string, name: string) =>
      judge(ruleNamed("actions-are-named"), resource(type, { name, policy }), {
        boundaries: ["ceiling"],
      }).problems.length;
    assert.equal(found("aws:iam/policy:Policy", "ceiling"), 0);
    assert.equal(found("aws:iam/policy:Policy", "another"), 1);
    assert.equal(found("aws:iam/rolePolicy:RolePolicy", "ceiling"), 1);
  });

  it("tell what they could not see", () => {
    const target = resource("aws:cloudwatch/eventTarget:EventTarget", { deadLetterConfig: notYet });
    const judged = judge(ruleNamed("targets-have-dead-letters"), target, {});
    assert.deepEqual(judged, { problems: [], unseen: ["deadLetterConfig"] });
  });
});

/** The same properties, again and again, with another one of all their values unknown. */
function withoutOneValue(props: Props): Props[] {
  return Object.entries(props).flatMap(([key, value]) =>
    unknownIn(value).map((variant) => ({ ...props, [key]: variant })),
  );
}

function unknownIn(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    const nested = list.flatMap((one, index) =>
      unknownIn(one).map((it) => list.map((old, at) => (at === index ? it : old))),
    );
    return [notYet, ...nested];
  }
  if (typeof value !== "object" || value === null) return [notYet];
  const nested = Object.entries(value).flatMap(([key, one]) =>
    unknownIn(one).map((it) => ({ ...value, [key]: it })),
  );
  return [notYet, ...nested];
}

import { strict as assert } from "node:assert";

import { z } from "zod";

import { everyPolicy } from "./lint/everyPolicy";
import { longestSettings } from "./lint/everySetting";
import { lint } from "./lint/lint";
import { overLimit } from "./lint/overLimit";
import { policiesOf } from "./lint/policiesOf";
import type { Kind } from "./lint/policyDocuments";
import { statements } from "./lint/statements";
import { reviewed } from "../support/documents";
import { keyArn, awsContext } from "../support/mocks";

const accepted = z
  .array(z.strictObject({ reason: z.string().min(20), findings: z.array(z.string()).min(1) }))
  .parse(reviewed("accepted-findings"));

describe("policies of all settings in every partition", () => {
  it("have exactly the accepted findings", async () => {
    const found = new Set<string>();
    for (const { policy, where } of await everyPolicy()) {
      for (const finding of await lint(policy, where)) found.add(finding);
    }
    assert.deepEqual([...found].sort(), accepted.flatMap(({ findings }) => findings).sort());
  }).timeout(60_000);
});

describe("policies of the longest settings in every partition", () => {
  it("fit into the sizes that AWS allows", async () => {
    const tooLong: string[] = [];
    for (const { args, where } of longestSettings())
      for (const policy of await policiesOf(args, where))
        tooLong.push(...overLimit(policy).map((it) => `${where.partition} ${policy.name}: ${it}`));
    assert.deepEqual(tooLong, []);
  }).timeout(60_000);
});

const bucket = "arn:aws:s3:::churn-dev";
const training = "arn:aws:sagemaker:us-east-1:123456789012:training-job/churn";
const role = "arn:aws:iam::123456789012:role/execution";
const logGroup = "arn:aws:logs:us-east-1:123456789012:log-group:churn";

type Parts = Readonly<Record<string, unknown>>;

const faults: readonly [what: string, parts: Parts, findings: readonly string[]][] = [
  ["no finding for a valid statement", {}, []],
  ["an unknown action", { Action: ["s3:GetObjekt"] }, ["AWS knows no s3:GetObjekt"]],
  ["an unknown service", { Action: "s4:GetObject" }, ["AWS knows no s4:GetObject"]],
  ["every action of a service", { Action: "s3:*" }, ["Action s3:*"]],
  ["an action prefix wildcard", { Action: "s3:Get*" }, ["Action s3:Get*"]],
  [
    "a resource wildcard",
    { Resource: "*" },
    [
      "Resource *",
      "s3:GetObject may be limited to s3:accesspoint/${AccessPointName}/object/${ObjectName},s3:${BucketName}/${ObjectName}",
    ],
  ],
  ["a bucket wildcard", { Resource: "arn:aws:s3:::*/data.csv" }, ["Resource s3:*/data.csv"]],
  [
    "a bucket ARN for an object action",
    { Resource: bucket },
    ["s3:GetObject acts on none of the resources", "none of the actions acts on s3:churn-dev"],
  ],
  [
    "an action without a resource",
    { Action: ["s3:GetObject", "s3:ListBucket"] },
    ["s3:ListBucket acts on none of the resources"],
  ],
  [
    "a resource without an action",
    { Resource: [`${bucket}/data.csv`, training] },
    ["none of the actions acts on sagemaker:training-job/churn"],
  ],
  [
    "an execution ARN for a pipeline action",
    {
      Action: "sagemaker:UpdatePipeline",
      Resource: training.replace("training-job/churn", "pipeline/churn/execution/1"),
    },
    [
      "sagemaker:UpdatePipeline acts on none of the resources",
      "none of the actions acts on sagemaker:pipeline/churn/execution/1",
    ],
  ],
  [
    "an unsupported condition key",
    {
      Condition: { StringEquals: { "s3:prefix": "data/" } },
    },
    ["s3:GetObject knows no s3:prefix"],
  ],
  [
    "an unknown global condition key",
    {
      Condition: { StringEquals: { "aws:SourceAcount": "123456789012" } },
    },
    ["s3:GetObject knows no aws:SourceAcount"],
  ],
  [
    "a log group in both forms",
    { Action: "logs:CreateLogGroup", Resource: [logGroup, `${logGroup}:*`] },
    ["Resource logs:log-group:churn:*"],
  ],
  [
    "a log group without the suffix",
    { Action: "logs:CreateLogGroup", Resource: logGroup },
    ["log group without the form logs:log-group:churn:*"],
  ],
  [
    "a log group only with the suffix",
    { Action: "logs:CreateLogGroup", Resource: `${logGroup}:*` },
    ["Resource logs:log-group:churn:*", "log group without the form logs:log-group:churn"],
  ],
  [
    "PassRole to any service",
    { Action: "iam:PassRole", Resource: role },
    ["iam:PassRole names no one service"],
  ],
  [
    "PassRole to two services",
    {
      Action: "iam:PassRole",
      Resource: role,
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["sagemaker.amazonaws.com", "lambda.amazonaws.com"],
        },
      },
    },
    ["iam:PassRole names no one service"],
  ],
  [
    "PassRole with a StringLike condition",
    {
      Action: "iam:PassRole",
      Resource: role,
      Condition: { StringLike: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    },
    ["iam:PassRole names no one service"],
  ],
  [
    "another partition's ARN",
    { Resource: "arn:aws-cn:s3:::churn-dev/data.csv" },
    ["arn:aws-cn:s3:::churn-dev/data.csv lies in another partition"],
  ],
  [
    "another partition's service",
    {
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": "s3.cn-north-1.amazonaws.com.cn" } },
    },
    ["s3.cn-north-1.amazonaws.com.cn lies in another partition"],
  ],
];

describe("policy linter", () => {
  for (const [what, parts, findings] of faults) {
    it(`reports ${what}`, async () => {
      assert.deepEqual(
        await lint(policy("role", parts), awsContext),
        findings.map((finding) => `test Read: ${finding}`),
      );
    });
  }

  it("reads Resource * as the KMS key only in key policies", async () => {
    const parts = { Action: "kms:Decrypt", Resource: "*" };
    assert.deepEqual(await lint(policy("key", parts), awsContext), ["test Read: Resource *"]);
    assert.deepEqual(await lint(policy("key", { ...parts, Action: "s3:GetObject" }), awsContext), [
      "test Read: Resource *",
      "test Read: s3:GetObject acts on none of the resources",
      "test Read: none of the actions acts on kms:key/own",
    ]);
  });

  for (const [kind, limit] of [
    ["boundary", 6_144],
    ["bucket", 20_480],
    ["key", 32_768],
    ["managed", 6_144],
    ["queue", 8_192],
    ["role", 10_040],
    ["topic", 30_720],
    ["trust", 2_048],
  ] as const) {
    it(`accepts ${limit.toString()} characters for a ${kind} policy, rejects one more`, async () => {
      const base = JSON.stringify(
        policy(kind, { Action: "kms:Decrypt", Resource: keyArn }).document,
      );
      const sized = (length: number) => {
        const Sid = `Read${"x".repeat(length - base.length)}`;
        return lint(policy(kind, { Sid, Action: "kms:Decrypt", Resource: keyArn }), awsContext);
      };
      assert.deepEqual(await sized(limit), []);
      assert.deepEqual(await sized(limit + 1), [
        `test: ${(limit + 1).toString()} characters, and AWS takes ${limit.toString()}`,
      ]);
    });
  }

  it("rejects unknown policy elements", () => {
    const Statement = [{ Sid: "All", Effect: "Allow", NotAction: "s3:GetObject", Resource: "*" }];
    assert.throws(() => statements({ Version: "2012-10-17", Statement }), /NotAction/);
  });
});

function policy(kind: Kind, parts: Parts) {
  const base = { Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}/data.csv` };
  const Statement = [{ Sid: "Read", ...base, ...parts }];
  return { name: "test", kind, document: { Version: "2012-10-17", Statement } };
}

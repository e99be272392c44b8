import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { looksSecret, printed, printedKey } from "../../components/validation/redaction";
import { secretArn, secrets } from "../support/secrets";

/** Values that are long or look technical, and are no secrets. */
const harmless = [
  "",
  "eu",
  "512",
  "[PAD]",
  secretArn,
  `${secretArn}:password::`,
  `${secretArn}:password:AWSCURRENT`,
  "arn:aws:kms:us-east-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef",
  "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20260101T120000",
  "arn:aws:codeconnections:us-east-1:123456789012:connection/1a2b3c4d-2222-3333-4444-5e6f7a8b9c0d",
  "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml/churn-train-gpu:2.1.0-py310",
  `123456789012.dkr.ecr.us-east-1.amazonaws.com/ml@sha256:${"0123456789abcdef".repeat(4)}`,
  "aws/codebuild/amazonlinux-x86_64-standard:6.0",
  "https://packages.example.com:8443/api/pypi/team-a_b/simple",
  "https://example.com/page?model=xgboost&version=3",
  "ssh://git@github.com/acme/churn.git",
  "s3://mlops-churn--dev--eb805c6c/data/year=2026/month=01/part-00000.snappy.parquet",
  "subnet-0a1b2c3d4e5f60718",
  "0d5a1b8e-1f2e-4c3d-8b7a-6f5e4d3c2b1a",
  "/opt/ml/processing/input/ChurnTrainingData2026/v3",
  "com.example.churn.training.FeatureEngineeringPipelineV2",
  "sentence-transformers/all-MiniLM-L6-v2",
  "mlops-churn--dev--undelivered-events",
  "the quick brown fox jumps over the lazy dog, 12 times",
  "2026-01-02T03:04:05.678Z",
  "--max-tokens=512 --learning-rate=0.001",
  "BUILD_GENERAL1_2XLARGE",
  "a".repeat(1000),
];

describe("redaction", () => {
  for (const secret of secrets)
    it(`recognizes a secret that begins with ${JSON.stringify(secret.slice(0, 8))}`, () => {
      assert.ok(looksSecret(secret));
      for (const value of [secret, `a ${secret}`, [secret], { a: { b: secret } }, { [secret]: 1 }])
        assert.equal(printed(value), "a value that may be a secret");
      assert.equal(printedKey(secret), "a key that may be a secret");
    });

  it("prints ARNs, IDs, digests, paths, addresses and words", () => {
    for (const value of harmless) assert.ok(!looksSecret(value), value);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const rows: [what: string, value: unknown, text: string][] = [
    ["nothing", undefined, "nothing"],
    ["null", null, "null"],
    ["a number", 60.5, "60.5"],
    ["NaN", NaN, "NaN"],
    ["a text", 'a"b', '"a\\"b"'],
    ["a long text", "a".repeat(100_000), `"${"a".repeat(100)}"... (100000 characters)`],
    ["a long list", Array(60).fill(1), `[${"1,".repeat(49)}1... (121 characters)`],
    ["a bigint", 5n, "5"],
    ["a function", () => 1, "a function"],
    ["an output", pulumi.output("hunter2"), "an output of another resource"],
    ["an output in an object", { a: pulumi.output(1) }, '{"a":"an output of another resource"}'],
  ];
  for (const [what, value, text] of rows)
    it(`prints ${what}`, () => {
      assert.equal(printed(value), text);
    });

  it("prints an object that contains itself", () => {
    assert.match(printed(circular), /^\{"self":\{"self":/);
  });

  it("prints a key with other characters than letters, digits, dots and hyphens in quotes", () => {
    assert.equal(printedKey("a\nb"), '"a\\nb"');
    assert.match(printedKey("x".repeat(500)), /^"x{100}"\.\.\. \(500 characters\)$/);
  });

  it("searches long texts fast", () => {
    const start = performance.now();
    for (const text of ["a", "://", "eyJ", "a1", "https://", "password", "aA1_"])
      looksSecret(text.repeat(100_000));
    assert.ok(performance.now() - start < 1000);
  });
});

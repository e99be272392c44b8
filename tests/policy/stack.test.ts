import { strict as assert } from "node:assert";

import { evaluateRule } from "../../policy/evaluateRule";
import { type Resource, unknownValue } from "../../policy/resource";
import { stackRules } from "../../policy/rules";
import { noDataDeletionConfig } from "../../policy/rules/dataProtection";
import { document, resource, ruleNamed, stackRuleNamed } from "./support";

const withoutTls = (Effect: string, Action: string) =>
  document({
    Effect,
    Principal: "*",
    Action,
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": false } },
  });
const denial = (Action: string) => withoutTls("Deny", Action);
// Like the denial, but with effect Allow.
const open = withoutTls("Allow", "*");
const [bucket, queue, topic] = [
  resource("aws:s3/bucket:Bucket", { bucket: "models" }),
  resource("aws:sqs/queue:Queue", { url: "https://sqs/it" }),
  resource("aws:sns/topic:Topic", { arn: "arn:aws:sns:it" }),
];
const on = { bucket: "models" };
const blocks = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const encryption = (byDefault: object) => ({
  ...on,
  rules: [{ applyServerSideEncryptionByDefault: byDefault }],
});

/** For each rule: the resource, a correct attached resource, and an incorrect attached resource. */
const cases: Readonly<Record<string, readonly [Resource, Resource, Resource]>> = {
  "s3-bucket-public-access-block": [
    bucket,
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...on, ...blocks }),
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
      ...on,
      ...blocks,
      ignorePublicAcls: false,
    }),
  ],
  "s3-bucket-tls-only": [
    bucket,
    resource("aws:s3/bucketPolicy:BucketPolicy", { ...on, policy: denial("s3:*") }),
    resource("aws:s3/bucketPolicy:BucketPolicy", { ...on, policy: open }),
  ],
  "s3-bucket-kms-encryption": [
    bucket,
    resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:it" }),
    ),
    resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      // Without kmsMasterKeyId, S3 uses the AWS managed key aws/s3.
      encryption({ sseAlgorithm: "aws:kms" }),
    ),
  ],
  "s3-bucket-versioning": [
    bucket,
    resource("aws:s3/bucketVersioning:BucketVersioning", {
      ...on,
      versioningConfiguration: { status: "Enabled" },
    }),
    resource("aws:s3/bucketVersioning:BucketVersioning", {
      ...on,
      versioningConfiguration: { status: "Suspended" },
    }),
  ],
  "sns-topic-tls-only": [
    topic,
    resource("aws:sns/topicPolicy:TopicPolicy", {
      arn: "arn:aws:sns:it",
      policy: denial("sns:Publish"),
    }),
    resource("aws:sns/topicPolicy:TopicPolicy", { arn: "arn:aws:sns:it", policy: open }),
  ],
  "sqs-queue-tls-only": [
    queue,
    resource("aws:sqs/queuePolicy:QueuePolicy", {
      queueUrl: "https://sqs/it",
      policy: denial("sqs:SendMessage"),
    }),
    resource("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: "https://sqs/it", policy: open }),
  ],
};

describe("stack rules of the policy pack", () => {
  for (const [name, [owner, correct, incorrect]] of Object.entries(cases)) {
    describe(name, () => {
      const { findings } = stackRuleNamed(name);
      const violations = (resources: Resource[]) =>
        findings(resources, {}).filter(({ unchecked }) => unchecked !== true);
      const key = correct.type.includes("Queue") ? "queueUrl" : owner === topic ? "arn" : "bucket";

      it("accepts the attached resource with the owner's name", () => {
        assert.deepEqual(findings([owner, correct], {}), []);
      });
      it("rejects a missing or incorrect attached resource, with the URN of the owner", () => {
        for (const resources of [[owner], [owner, incorrect]]) {
          assert.deepEqual(
            violations(resources).map(({ urn }) => urn),
            [owner.urn],
          );
        }
      });
      it("rejects an attached resource of another owner", () => {
        const others = { ...correct, props: { ...correct.props, [key]: "another" } };
        assert.deepEqual(violations([owner, others]).length, 1);
      });
      it("finds the owner of an unknown name by property dependencies", () => {
        const unnamedOwner = {
          ...owner,
          props: { bucket: unknownValue, arn: unknownValue, url: unknownValue },
        };
        const dependent = {
          ...correct,
          props: { ...correct.props, [key]: unknownValue },
          sources: { [key]: [owner.urn] },
        };
        assert.deepEqual(findings([unnamedOwner, dependent], {}), []);
      });
      it("reports an attached resource with an unknown owner as unchecked", () => {
        const unowned = { ...correct, props: { ...correct.props, [key]: unknownValue } };
        assert.deepEqual(
          findings([owner, unowned], {}).map(({ unchecked }) => unchecked),
          [true],
        );
      });
      it("accepts an unknown policy or setting", () => {
        const unknown = Object.fromEntries(
          Object.entries(correct.props).map(([it, value]) => [
            it,
            it === key ? value : unknownValue,
          ]),
        );
        assert.deepEqual(findings([owner, { ...correct, props: unknown }], {}), []);
      });
    });
  }

  it("require SSE-S3 or SSE-KMS for a bucket that receives access logs", () => {
    const { findings } = stackRuleNamed("s3-bucket-kms-encryption");
    const logging = resource("aws:s3/bucketLogging:BucketLogging", {
      bucket: "served",
      targetBucket: "models",
    });
    const sseS3 = resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      encryption({ sseAlgorithm: "AES256" }),
    );
    assert.deepEqual(findings([bucket, logging, sseS3], {}), []);
    assert.equal(findings([bucket, sseS3], {}).length, 1);
    assert.match(findings([bucket, logging], {})[0]?.message ?? "", /AES256/);
  });

  it("accept inline settings of a bucket, topic or queue", () => {
    const inline: Resource[] = [
      { ...bucket, props: { ...on, versioning: { enabled: true }, policy: denial("s3:*") } },
      { ...topic, props: { policy: denial("sns:*") } },
      { ...queue, props: { policy: denial("sqs:*") } },
    ];
    for (const name of [
      "s3-bucket-versioning",
      "s3-bucket-tls-only",
      "sns-topic-tls-only",
      "sqs-queue-tls-only",
    ]) {
      assert.deepEqual(stackRuleNamed(name).findings(inline, {}), [], name);
    }
  });

  it("all have a test here", () => {
    const tested = [...Object.keys(cases), "no-data-deletion"].sort();
    assert.deepEqual(stackRules.map(({ name }) => name).sort(), tested);
  });
});

describe("deletion protection of resources with data", () => {
  const rule = ruleNamed("prod-deletion-protection");
  const group = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
  const isRejected = (stack: string, config: object = {}, isProtected = false) =>
    evaluateRule(rule, resource(group, {}, { stack, isProtected }), { ...config }).problems.length >
    0;

  it("is required in stacks with prod in their name", () => {
    assert.deepEqual(
      ["prod", "prod-eu", "ml.production", "Prod"].filter((stack) => !isRejected(stack)),
      [],
    );
    assert.equal(isRejected("prod", {}, true), false);
  });

  it("is not required in other stacks", () => {
    const others = ["dev", "product", "nonprod", "non-prod", "preprod", "reproduce"];
    assert.deepEqual(
      others.filter((stack) => isRejected(stack)),
      [],
    );
  });

  it("is required only in the stacks of the config prodStacks, if set", () => {
    const config = { prodStacks: ["live"] };
    assert.deepEqual([isRejected("live", config), isRejected("prod", config)], [true, false]);
  });

  const deployed = [
    resource("aws:s3/bucket:Bucket", { bucket: "models", arn: "arn:models" }),
    resource("aws:kms/key:Key", { keyId: "1" }),
    resource("aws:codecommit/repository:Repository", { repositoryId: "2" }),
    resource(group, { arn: "arn:group" }),
  ];
  const config = { ...noDataDeletionConfig([...deployed, topic]) };
  const rejections = (resources: Resource[]) =>
    stackRuleNamed("no-data-deletion")
      .findings(resources, config)
      .map(({ message }) => /would be \w+/.exec(message)?.[0]);

  it("rejects the deletion of deployed resources", () => {
    assert.deepEqual(rejections(deployed), []);
    assert.deepEqual(
      rejections([]),
      deployed.map(() => "would be deleted"),
    );
  });

  it("rejects a replacement: a changed or unknown identity", () => {
    const replaced = deployed.map((one) => ({
      ...one,
      props: { bucket: "other", arn: unknownValue, keyId: unknownValue, repositoryId: "3" },
    }));
    assert.deepEqual(
      rejections(replaced),
      deployed.map(() => "would be replaced"),
    );
  });

  it("accepts a new URN with an alias", () => {
    const moved = deployed.map((one) => ({ ...one, urn: `${one.urn}-new`, aliases: [one.urn] }));
    assert.deepEqual(rejections(moved), []);
  });

  it("accepts an empty config", () => {
    assert.deepEqual(stackRuleNamed("no-data-deletion").findings([], {}), []);
  });
});

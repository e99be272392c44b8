import { strict as assert } from "node:assert";

import { judge } from "../../policy/judge";
import { type Resource, notYet } from "../../policy/resource";
import { stackRules } from "../../policy/rules";
import { standingIn } from "../../policy/rules/data";
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
// All that a denial has, but allowed.
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

/** For each rule: what it is for, what must be beside that, and what does not do instead. */
const cases: Readonly<Record<string, readonly [Resource, Resource, Resource]>> = {
  "buckets-are-private": [
    bucket,
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...on, ...blocks }),
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
      ...on,
      ...blocks,
      ignorePublicAcls: false,
    }),
  ],
  "buckets-want-tls": [
    bucket,
    resource("aws:s3/bucketPolicy:BucketPolicy", { ...on, policy: denial("s3:*") }),
    resource("aws:s3/bucketPolicy:BucketPolicy", { ...on, policy: open }),
  ],
  "buckets-use-a-key": [
    bucket,
    resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:it" }),
    ),
    resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      // The account's aws/s3 key.
      encryption({ sseAlgorithm: "aws:kms" }),
    ),
  ],
  "buckets-are-versioned": [
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
  "topics-want-tls": [
    topic,
    resource("aws:sns/topicPolicy:TopicPolicy", {
      arn: "arn:aws:sns:it",
      policy: denial("sns:Publish"),
    }),
    resource("aws:sns/topicPolicy:TopicPolicy", { arn: "arn:aws:sns:it", policy: open }),
  ],
  "queues-want-tls": [
    queue,
    resource("aws:sqs/queuePolicy:QueuePolicy", {
      queueUrl: "https://sqs/it",
      policy: denial("sqs:SendMessage"),
    }),
    resource("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: "https://sqs/it", policy: open }),
  ],
};

describe("the policy pack's rules for a stack", () => {
  for (const [name, [owner, right, wrong]] of Object.entries(cases)) {
    describe(name, () => {
      const { findings } = stackRuleNamed(name);
      const refused = (resources: Resource[]) =>
        findings(resources, {}).filter(({ unseen }) => unseen !== true);
      const key = right.type.includes("Queue") ? "queueUrl" : owner === topic ? "arn" : "bucket";

      it("is content with what belongs beside it, by its name", () => {
        assert.deepEqual(findings([owner, right], {}), []);
      });
      it("refuses that nothing is there, or the wrong thing, and says of which resource", () => {
        for (const resources of [[owner], [owner, wrong]]) {
          assert.deepEqual(
            refused(resources).map(({ urn }) => urn),
            [owner.urn],
          );
        }
      });
      it("refuses what belongs to another", () => {
        const others = { ...right, props: { ...right.props, [key]: "another" } };
        assert.deepEqual(refused([owner, others]).length, 1);
      });
      it("follows a name that is not known yet to where it comes from", () => {
        const nameless = { ...owner, props: { bucket: notYet, arn: notYet, url: notYet } };
        const linked = {
          ...right,
          props: { ...right.props, [key]: notYet },
          sources: { [key]: [owner.urn] },
        };
        assert.deepEqual(findings([nameless, linked], {}), []);
      });
      it("raises no alarm where nobody can tell yet whose it is, and says so", () => {
        const stray = { ...right, props: { ...right.props, [key]: notYet } };
        assert.deepEqual(
          findings([owner, stray], {}).map(({ unseen }) => unseen),
          [true],
        );
      });
      it("raises no alarm over a policy or setting that is not known yet", () => {
        const unknown = Object.fromEntries(
          Object.entries(right.props).map(([it, value]) => [it, it === key ? value : notYet]),
        );
        assert.deepEqual(findings([owner, { ...right, props: unknown }], {}), []);
      });
    });
  }

  it("let a bucket that takes access logs use S3's own encryption, but not none", () => {
    const { findings } = stackRuleNamed("buckets-use-a-key");
    const takes = resource("aws:s3/bucketLogging:BucketLogging", {
      bucket: "served",
      targetBucket: "models",
    });
    const own = resource(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      encryption({ sseAlgorithm: "AES256" }),
    );
    assert.deepEqual(findings([bucket, takes, own], {}), []);
    assert.equal(findings([bucket, own], {}).length, 1);
    assert.match(findings([bucket, takes], {})[0]?.message ?? "", /AES256/);
  });

  it("take what a bucket, topic or queue says of itself", () => {
    const inline: Resource[] = [
      { ...bucket, props: { ...on, versioning: { enabled: true }, policy: denial("s3:*") } },
      { ...topic, props: { policy: denial("sns:*") } },
      { ...queue, props: { policy: denial("sqs:*") } },
    ];
    for (const name of [
      "buckets-are-versioned",
      "buckets-want-tls",
      "topics-want-tls",
      "queues-want-tls",
    ]) {
      assert.deepEqual(stackRuleNamed(name).findings(inline, {}), [], name);
    }
  });

  it("are all tried here", () => {
    const tried = [...Object.keys(cases), "data-is-kept"].sort();
    assert.deepEqual(stackRules.map(({ name }) => name).sort(), tried);
  });
});

describe("what holds data", () => {
  const rule = ruleNamed("prod-data-is-protected");
  const group = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
  const isRefused = (stack: string, config: object = {}, isProtected = false) =>
    judge(rule, resource(group, {}, { stack, isProtected }), { ...config }).problems.length > 0;

  it("must be protected in a stack that is called prod", () => {
    assert.deepEqual(
      ["prod", "prod-eu", "ml.production", "Prod"].filter((stack) => !isRefused(stack)),
      [],
    );
    assert.equal(isRefused("prod", {}, true), false);
  });

  it("need not be in any other", () => {
    const others = ["dev", "product", "nonprod", "non-prod", "preprod", "reproduce"];
    assert.deepEqual(
      others.filter((stack) => isRefused(stack)),
      [],
    );
  });

  it("must be in the stacks that the config calls prod, and only there", () => {
    const config = { prodStacks: ["live"] };
    assert.deepEqual([isRefused("live", config), isRefused("prod", config)], [true, false]);
  });

  const keys = [
    resource("aws:s3/bucket:Bucket", { bucket: "models", arn: "arn:models" }),
    resource("aws:kms/key:Key", { keyId: "1" }),
    resource("aws:codecommit/repository:Repository", { repositoryId: "2" }),
    resource(group, { arn: "arn:group" }),
  ];
  const config = { ...standingIn([...keys, topic]) };
  const said = (now: Resource[]) =>
    stackRuleNamed("data-is-kept")
      .findings(now, config)
      .map(({ message }) => /would be \w+/.exec(message)?.[0]);

  it("must stand as it stood", () => {
    assert.deepEqual(said(keys), []);
    assert.deepEqual(
      said([]),
      keys.map(() => "would be deleted"),
    );
  });

  it("is another as soon as its identity is, or is for AWS to give", () => {
    const others = keys.map((one) => ({
      ...one,
      props: { bucket: "other", arn: notYet, keyId: notYet, repositoryId: "3" },
    }));
    assert.deepEqual(
      said(others),
      keys.map(() => "would be replaced"),
    );
  });

  it("may move, with an alias", () => {
    const moved = keys.map((one) => ({ ...one, urn: `${one.urn}-new`, aliases: [one.urn] }));
    assert.deepEqual(said(moved), []);
  });

  it("is not asked for where nothing stood", () => {
    assert.deepEqual(stackRuleNamed("data-is-kept").findings([], {}), []);
  });
});

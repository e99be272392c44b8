import { strict as assert } from "node:assert";

import { namesFor, overlongName } from "../components/names";

const places = [
  { accountId: "123456789012", dnsSuffix: "amazonaws.com", partition: "aws", region: "us-east-1" },
  {
    accountId: "012345678901",
    dnsSuffix: "amazonaws.com.cn",
    partition: "aws-cn",
    region: "cn-north-1",
  },
  {
    accountId: "123456789012",
    dnsSuffix: "amazonaws.com",
    partition: "aws-us-gov",
    region: "us-gov-west-1",
  },
] as const;

describe("names", () => {
  it("stay within AWS's limits for the longest words allowed, in every partition", () => {
    const longest = { projectName: "a".repeat(20), projectId: "b".repeat(18) };
    assert.equal(overlongName(longest), undefined);
    for (const place of places) {
      const names = namesFor(longest, place);
      const limits: [string, number][] = [
        [names.artifactBucket, 63],
        [names.logBucket, 63],
        [names.pipelineRole, 64],
        [names.buildRole, 64],
        [names.triggerRole, 64],
        [names.executionRole, 64],
        [names.rule, 64],
        ...Object.values(names.messageRules).map((rule): [string, number] => [rule, 64]),
        [names.topic, 256],
        [names.alarm, 255],
        [names.queue, 80],
        [names.repository, 100],
        [names.pipeline, 100],
        [names.buildProject, 150],
        [names.modelPackageGroup, 63],
        [names.sagemakerPipeline, 256],
        [names.keyAlias, 256],
        [names.logGroup, 512],
      ];
      for (const [name, limit] of limits) {
        assert.ok(name.length <= limit, `${name} has ${String(name.length)} of ${String(limit)}`);
        assert.match(name, /^[a-z0-9/-]+$/);
      }
    }
  });

  it("refuse one character more, naming the tightest name", () => {
    const over = overlongName({ projectName: "a".repeat(20), projectId: "b".repeat(19) });
    assert.equal(over?.what, "access log bucket");
    assert.equal(over.limit, 63);
    assert.equal(over.name.length, 64);
  });

  it("tell the same project in two accounts or regions apart where names are global", () => {
    const buckets = places.map(
      (place) => namesFor({ projectName: "churn", projectId: "dev" }, place).artifactBucket,
    );
    assert.equal(new Set(buckets).size, places.length);
  });

  it("link to the console of the partition", () => {
    for (const link of ["consoleUrl", "pipelineUrl", "queueConsoleUrl", "studioUrl"] as const) {
      const hosts = places.map(
        (place) => new URL(namesFor({ projectName: "churn", projectId: "dev" }, place)[link]).host,
      );
      assert.deepEqual(hosts, [
        "us-east-1.console.aws.amazon.com",
        "cn-north-1.console.amazonaws.cn",
        "us-gov-west-1.console.amazonaws-us-gov.com",
      ]);
    }
  });

  it("keep every rule's name as short as a role's, so that no message costs a project its name", () => {
    const names = namesFor({ projectName: "churn", projectId: "dev" }, places[0]);
    for (const rule of Object.values(names.messageRules))
      assert.ok(rule.length <= names.executionRole.length, rule);
  });
});

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
        ...[names.deploy.staging, names.deploy.prod].flatMap((stage): [string, number][] => [
          [stage.endpoint, 63],
          [stage.project, 150],
          [stage.role, 64],
          [stage.serveRole, 64],
          [stage.logGroup, 512],
          // A model's name: the endpoint's, the highest version that fits, and a hash.
          [`${stage.endpoint}-99999-01234567`, 63],
        ]),
        ...Object.values(names.deploy.messageRules).map((rule): [string, number] => [rule, 64]),
        [names.deploy.rule, 64],
        [names.deploy.pipeline, 100],
        [names.deploy.pipelineRole, 64],
        [names.deploy.repository, 100],
        [names.deploy.test.project, 150],
        [names.deploy.test.role, 64],
        [names.deploy.test.logGroup, 512],
        [names.deploy.triggerRole, 64],
      ];
      for (const [name, limit] of limits) {
        assert.ok(name.length <= limit, `${name} has ${String(name.length)} of ${String(limit)}`);
        assert.match(name, /^[a-z0-9/-]+$/);
      }
    }
  });

  it("leave room for the bucket of a deployment's state with one character less, and name it otherwise", () => {
    const fits = { projectName: "a".repeat(20), projectId: "b".repeat(17) };
    const [place] = places;
    assert.equal(overlongName(fits, { deployment: true }), undefined);
    assert.equal(namesFor(fits, place).deploy.stateBucket.length, 63);
    const over = overlongName({ ...fits, projectId: "b".repeat(18) }, { deployment: true });
    assert.equal(over?.what, "bucket of the deployments' state");
    assert.equal(over.name.length, 64);
  });

  it("are different for everything that deploys models, also from what builds them", () => {
    const { deploy, ...build } = namesFor({ projectName: "churn", projectId: "dev" }, places[0]);
    const { prod, staging, test } = deploy;
    const ofRoles = [
      ...[build.buildRole, build.executionRole, build.messageRole, build.pipelineRole],
      ...[build.triggerRole, deploy.pipelineRole, deploy.triggerRole, test.role],
      ...[prod.role, prod.serveRole, staging.role, staging.serveRole],
    ];
    const ofRules = [
      ...[build.rule, ...Object.values(build.messageRules)],
      ...[deploy.rule, ...Object.values(deploy.messageRules)],
    ];
    const ofProjects = [build.buildProject, prod.project, staging.project, test.project];
    const ofBuckets = [build.artifactBucket, build.logBucket, deploy.stateBucket];
    const ofPipelines = [build.pipeline, deploy.pipeline];
    for (const names of [ofRoles, ofRules, ofProjects, ofBuckets, ofPipelines])
      assert.equal(new Set(names).size, names.length, names.join(", "));
  });

  it("know where CodePipeline lays artifacts: twenty letters of the pipeline's name, ten of the artifact's", () => {
    const { deploy } = namesFor({ projectName: "churn", projectId: "dev" }, places[0]);
    const folder = "arn:aws:s3:::sagemaker-churn-dev-eb805c6c/sagemaker-churn-dev-";
    assert.deepEqual(deploy.artifactArns, {
      all: `${folder}*`,
      deployment: `${folder}/Deployment/*`,
      results: `${folder}/TestResult/*`,
      source: `${folder}/SourceCode/*`,
    });
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
      const { deploy } = namesFor({ projectName: "churn", projectId: "dev" }, places[1]);
      assert.equal(new URL(deploy.pipelineUrl).host, "cn-north-1.console.amazonaws.cn");
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
    for (const rule of [names.deploy.rule, ...Object.values(names.deploy.messageRules)])
      assert.ok(rule.length <= names.deploy.staging.role.length, rule);
  });
});

import { strict as assert } from "node:assert";

import * as aws from "@pulumi/aws";
import fc from "fast-check";

import { bucketName, namePrefix, projectWord } from "../../components/validation/patterns";
import { type ProjectIdentity, namesFor, regionCode } from "../../components/names/names";
import type { DeployStageNames } from "../../components/names/deployNames";
import { overlongNames } from "../../components/names/lengthLimits";
import { arnsOf, physicalNames } from "../support/names";

const contexts = [
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
const [context] = contexts;
const churn = { projectName: "churn", projectId: "dev" };

describe("names", () => {
  it("stay within AWS's limits for the longest settings allowed, in every partition", () => {
    const longest = { projectName: "a".repeat(20), projectId: "b".repeat(11) };
    assert.deepEqual(overlongNames(longest, { deployment: true }), []);
    for (const where of contexts) {
      const names = namesFor(longest, where);
      const limits: [string, number][] = [
        [names.artifactBucket, 63],
        [names.logBucket, 63],
        [names.pipelineRole, 64],
        [names.buildRole, 64],
        [names.notificationsRole, 64],
        [names.pushRuleRole, 64],
        [names.executionRole, 64],
        [names.pushRule, 64],
        ...Object.values(names.notificationRules).map((rule): [string, number] => [rule, 64]),
        [names.topic, 256],
        [names.alarm, 255],
        [names.queue, 80],
        [names.defaultRepository, 100],
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
          [stage.verdictAlarm, 255],
          ...Object.values(stage.alarms).map((alarm): [string, number] => [alarm, 255]),
          // Name of a model: the endpoint's, the highest version that fits, and a hash.
          [`${stage.endpoint}-99999-01234567`, 63],
        ]),
        ...Object.values(names.deploy.notificationRules).map((rule): [string, number] => [
          rule,
          64,
        ]),
        [names.deploy.approvalRule, 64],
        [names.deploy.stagingFailedRule, 64],
        [names.deploy.stagingExpiry.group, 64],
        [names.deploy.stagingExpiry.role, 64],
        [names.deploy.dashboard, 255],
        [names.deploy.queue.project, 150],
        [names.deploy.queue.role, 64],
        [names.deploy.queue.logGroup, 512],
        [names.deploy.pipeline, 100],
        [names.deploy.pipelineRole, 64],
        [names.deploy.defaultRepository, 100],
        [names.deploy.test.project, 150],
        [names.deploy.test.role, 64],
        [names.deploy.test.logGroup, 512],
        [names.deploy.approvalRuleRole, 64],
      ];
      for (const [name, limit] of limits) {
        assert.ok(name.length <= limit, `${name} has ${String(name.length)} of ${String(limit)}`);
        assert.match(name, /^[a-z0-9/-]+$/);
      }
    }
  });

  it("begin with namePrefix", () => {
    const names = namesFor({ ...churn, namePrefix: "sagemaker" }, context);
    for (const name of physicalNames(names))
      assert.match(
        name.replace(/^(alias|\/aws\/codebuild|ModelDeploy)\//, ""),
        /^sagemaker-churn--dev(-|$)/,
      );
    assert.equal(namesFor(churn, context).pipeline, "mlops-churn--dev--modelbuild");
  });

  it("leave 31 characters for projectName and projectId with deployment, and 32 without", () => {
    const identity = (length: number) => ({
      projectName: "a".repeat(length - 10),
      projectId: "b".repeat(10),
    });
    assert.deepEqual(overlongNames(identity(32)), []);
    assert.deepEqual(overlongNames(identity(31), { deployment: true }), []);
    assert.deepEqual(
      overlongNames(identity(33)).map(({ what }) => what),
      ["IAM role"],
    );
    assert.deepEqual(
      overlongNames(identity(32), { deployment: true }).map(({ what }) => what),
      ["SageMaker model", "IAM role"],
    );
  });

  it("report every overlong name, the longest excess first", () => {
    const over = overlongNames({ projectName: "a".repeat(32), projectId: "b".repeat(32) });
    assert.deepEqual(
      over.map(({ limit, name, what }) => `${what}: ${String(name.length - limit)}`),
      [
        "IAM role: 32",
        "EventBridge rule: 26",
        "EventBridge rule: 25",
        "access log bucket: 24",
        "EventBridge rule: 23",
        "EventBridge rule: 22",
        "model package group: 17",
        "EventBridge rule: 14",
        "SQS queue: 12",
      ],
    );
  });

  it("differ from each other within a deployment and from those of the model build", () => {
    const { deploy, ...build } = namesFor(churn, context);
    const { prod, queue, staging, stagingExpiry, test } = deploy;
    const ofRoles = [
      ...[build.buildRole, build.executionRole, build.notificationsRole, build.pipelineRole],
      ...[build.pushRuleRole, deploy.pipelineRole, deploy.approvalRuleRole, test.role],
      ...[queue.role, stagingExpiry.role],
      ...[prod.role, prod.serveRole, staging.role, staging.serveRole],
    ];
    const ofRules = [
      ...[build.pushRule, ...Object.values(build.notificationRules)],
      ...[deploy.approvalRule, ...Object.values(deploy.notificationRules)],
      deploy.stagingFailedRule,
    ];
    const ofAlarms = [build.alarm, ...[prod, staging].flatMap(alarmsOf)];
    const ofNamespaces = [prod.metricNamespace, staging.metricNamespace];
    const ofProjects = [build.buildProject, prod.project, staging.project, test.project].concat(
      queue.project,
    );
    const ofBuckets = [build.artifactBucket, build.logBucket];
    const ofPipelines = [build.pipeline, deploy.pipeline];
    for (const names of [
      ofRoles,
      ofRules,
      ofProjects,
      ofBuckets,
      ofPipelines,
      ofAlarms,
      ofNamespaces,
    ])
      assert.equal(new Set(names).size, names.length, names.join(", "));
  });

  it("differ between accounts and regions where AWS's names are global", () => {
    const regions = contexts.map(({ region }) => ({ ...context, region }));
    const inRegions = regions.map((where) => namesFor(churn, where));
    assert.equal(new Set(inRegions.map(({ artifactBucket }) => artifactBucket)).size, 3);
    assert.equal(new Set(inRegions.map(({ buildRole }) => buildRole)).size, 3);
    const other = namesFor(churn, { ...context, accountId: "012345678901" });
    assert.notEqual(other.artifactBucket, namesFor(churn, context).artifactBucket);
  });

  it("link to the console of the partition", () => {
    for (const link of ["consoleUrl", "pipelineUrl", "queueConsoleUrl", "studioUrl"] as const) {
      const hosts = contexts.map((where) => new URL(namesFor(churn, where)[link]).host);
      const { deploy } = namesFor(churn, contexts[1]);
      assert.equal(new URL(deploy.pipelineUrl).host, "cn-north-1.console.amazonaws.cn");
      assert.deepEqual(hosts, [
        "us-east-1.console.aws.amazon.com",
        "cn-north-1.console.amazonaws.cn",
        "us-gov-west-1.console.amazonaws-us-gov.com",
      ]);
    }
  });
});

describe("the region code of role names", () => {
  it("is unique for each region of the SDK, with at most 8 characters", () => {
    const regions = Object.values(aws.Region);
    assert.ok(regions.length > 30);
    const isolated = ["us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eu-isoe-west-1"];
    const all = [...new Set([...regions, ...isolated, "eusc-de-east-1"])];
    const codes = all.map(regionCode);
    assert.equal(new Set(codes).size, all.length);
    for (const code of codes) assert.match(code, /^[a-z0-9]{4,8}$/);
  });

  it("abbreviates the compass directions", () => {
    assert.equal(regionCode("us-east-1"), "use1");
    assert.equal(regionCode("ap-southeast-2"), "apse2");
    assert.equal(regionCode("us-gov-west-1"), "usgovw1");
  });
});

describe("CodePipeline's folders in the artifact bucket", () => {
  it("use 20 characters or all of the pipeline's name, and 10 of the artifact's", () => {
    const { deploy, sourceArchiveArns } = namesFor(churn, context);
    const bucket = "arn:aws:s3:::mlops-churn--dev--eb805c6c";
    const folders = ["mlops-churn--dev--mo", "mlops-churn--dev--modeldeploy"].map(
      (folder) => `${bucket}/${folder}`,
    );
    assert.deepEqual(deploy.artifactArns, {
      all: folders.map((folder) => `${folder}/*`),
      deployment: folders.map((folder) => `${folder}/Deployment*`),
      results: folders.map((folder) => `${folder}/TestResult*`),
      source: folders.map((folder) => `${folder}/SourceCode*`),
    });
    assert.deepEqual(sourceArchiveArns, [
      `${bucket}/mlops-churn--dev--mo/*`,
      `${bucket}/mlops-churn--dev--modelbuild/*`,
    ]);
  });

  // "mlops-ab--dev" is 13 characters, so that 20 of the pipeline's name end with "--model".
  const edges = ["a", "ab", "abcdefgh", "abcdefghi", "a".repeat(20)].map((projectName) => ({
    projectName,
    projectId: "dev",
  }));

  it("contain no SageMaker object, for any project name", () => {
    const check = (identity: ProjectIdentity) => {
      const { deploy, ...build } = namesFor(identity, context);
      const folders = [...deploy.artifactArns.all, ...build.sourceArchiveArns];
      const bucket = build.artifactBucketArn;
      const objects = [
        `${bucket}/${build.sagemakerPipeline}/executions/x/Train/model.tar.gz`,
        `${bucket}/${build.sagemakerPipeline}/code/SourceCode`,
        `${bucket}/${build.modelPackageGroup}/captured/${deploy.prod.endpoint}/1.jsonl`,
        `${bucket}/${deploy.deployedModels}/7/0a1b2c3d/model.tar.gz`,
      ];
      for (const folder of folders)
        for (const object of objects) assert.ok(!covers(folder, object), `${folder} ${object}`);
    };
    edges.forEach(check);
    fc.assert(fc.property(identities, check));
  });
});

describe("folder of the deployed models", () => {
  it("contains no other object of the bucket, for any project name", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const { deploy, trainingResultsArn, ...build } = namesFor(identity, context);
        const { deployedModelsArn, prod, staging } = deploy;
        const others = [
          ...[...deploy.artifactArns.all, ...build.sourceArchiveArns, trainingResultsArn],
          ...[prod.capturedArns, staging.capturedArns],
        ];
        const overlap = others.filter(
          (other) => covers(other, deployedModelsArn) || covers(deployedModelsArn, other),
        );
        assert.deepEqual(overlap, []);
      }),
    );
  });
});

const prefixes = fc.constantFrom("mlops", "a", "ml", "sagemaker", "x1");
// A small alphabet and many hyphens, to find similar project names.
const words = fc.stringMatching(/^[ab](-?[ab1]){0,7}$/).filter((word) => projectWord.test(word));
const identities = fc.record({ namePrefix: prefixes, projectName: words, projectId: words });

describe("two projects of one account and region", () => {
  it("share no physical name, and no ARN pattern of one matches an ARN of the other", () => {
    const check = (one: ProjectIdentity, two: ProjectIdentity) => {
      if (namesFor(one, context).keyAlias === namesFor(two, context).keyAlias) {
        assert.deepEqual(one, two);
        return;
      }
      const theirs = physicalNames(namesFor(two, context));
      const mine = physicalNames(namesFor(one, context));
      assert.deepEqual(
        mine.filter((name) => theirs.includes(name)),
        [],
      );
      const arns = arnsOf(namesFor(two, context));
      const covered = arnsOf(namesFor(one, context)).flatMap((pattern) =>
        arns.filter((arn) => covers(pattern, arn)).map((arn) => `${pattern} covers ${arn}`),
      );
      assert.deepEqual(covered, []);
    };
    const neighbours: [ProjectIdentity, ProjectIdentity][] = [
      [
        { projectName: "churn", projectId: "dev" },
        { projectName: "churn", projectId: "dev-staging-2" },
      ],
      [
        { projectName: "a-b", projectId: "c" },
        { projectName: "a", projectId: "b-c" },
      ],
      [
        { projectName: "churn", projectId: "dev-prod" },
        { projectName: "churn-dev", projectId: "prod" },
      ],
    ];
    for (const [one, two] of neighbours) {
      check(one, two);
      check(two, one);
    }
    fc.assert(fc.property(identities, identities, check), { numRuns: 300 });
  });

  it("have bucket names that S3 accepts", () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const { artifactBucket, logBucket } = namesFor(identity, context);
        for (const bucket of [artifactBucket, logBucket]) assert.match(bucket, bucketName);
      }),
    );
  });
});

describe("namePrefix", () => {
  it("is 1 to 12 characters, and no prefix that AWS reserves", () => {
    for (const good of ["mlops", "sagemaker", "a", "team1", "abcdefghijkl"])
      assert.match(good, namePrefix);
    const bad = [
      "",
      "1a",
      "a-b",
      "Mlops",
      "abcdefghijklm",
      "aws",
      "awsome",
      "amazon",
      "amzn",
      "sthree",
      "xn",
    ];
    for (const word of bad) assert.doesNotMatch(word, namePrefix);
  });
});

/** Whether the IAM pattern `pattern` matches `arn`, which may be a pattern too. */
function covers(pattern: string, arn: string): boolean {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === arn;
  if (!arn.startsWith(pattern.slice(0, star))) return false;
  return new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`).test(arn);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function alarmsOf({ alarms, verdictAlarm }: DeployStageNames): string[] {
  return [...Object.values(alarms), verdictAlarm];
}

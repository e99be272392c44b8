import { strict as assert } from "node:assert";

import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";

import { subnetIdsWithDeployment } from "../../components/validation/limits";
import { matches } from "../../local/iam/decide";
import { policiesOf, type StackArgs } from "./lint/policiesOf";
import type { PolicyDocument } from "./lint/policyDocuments";
import { type Statement, statements } from "./lint/statements";
import { reviewed } from "../support/documents";

const identity = { projectName: "churn", projectId: "dev" };
/** Roles of the builds and models, which run in the private network. */
const inNetwork = ["deploy-prod", "deploy-queue", "deploy-staging", "serve-prod"].concat([
  ...["serve-staging", "test-staging"],
]);
const builds = inNetwork.filter((role) => !role.startsWith("serve"));
const others = ["approval-rule", "deploy", "expire-staging"];
const roles = [...inNetwork, ...others];
const network = {
  existing: {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
    securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
  },
};
const image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/ml/build:1.2";

/** Policies that a deployment adds or changes, with the file of the reviewed document. */
const documents: readonly (readonly [policyName: string, file: string])[] = [
  ...roles.map((role) => [`${role}-role`, `${role}-role-policy`] as const),
  ...roles.map((role) => [`${role}-role trust`, `${role}-role-trust`] as const),
  ["approver", "approver-policy-deployment"],
  ["artifacts", "artifact-bucket-policy-deployment"],
  ["build-role", "build-role-policy-deployment"],
  ["key", "key-policy-deployment"],
  ["notifications", "topic-policy-deployment"],
  ["notifications-role trust", "notifications-role-trust-deployment"],
  ["undelivered-events", "dead-letter-queue-policy-deployment"],
];

describe("policies of a deployment", () => {
  let deployed: PolicyDocument[];

  before(async () => {
    deployed = await project({});
  });

  for (const [policyName, file] of documents) {
    it(`match the review: ${policyName}, ${file}.json`, () => {
      assert.deepEqual(named(deployed, policyName), reviewed(file));
    });
  }

  it("leave the other policies of the model build's roles unchanged", async () => {
    const without = await policiesOf(identity);
    const others = deployed.filter(
      ({ document, name }) =>
        JSON.stringify(document) !==
        JSON.stringify(without.find((one) => one.name === name)?.document),
    );
    assert.deepEqual(
      others.map(({ name }) => name).sort(),
      documents.map(([policyName]) => policyName).sort(),
    );
    assert.deepEqual(
      without.filter(({ name }) => !deployed.some((one) => one.name === name)),
      [],
    );
  });

  it("allow no action with a wildcard", () => {
    for (const { document, name } of deployed) {
      for (const { Action, Effect, Sid } of statements(document)) {
        if (Effect === "Allow") assert.doesNotMatch(Action.join(), /\*/, `${name} ${Sid}`);
      }
    }
  });

  it("are equal for both stages except for the decisions of staging", () => {
    const decisions = ["PipelineExecutions", "ModelVersionsRead", "ObjectVersionsList"].concat([
      ...["TrainingResultsRead", "ImageDigest"],
      // Production reads only the sample requests; staging describes its own endpoint anyway.
      ...["SampleRequestsRead", "StagingEndpointRead"],
      // The build that tests staging records it.
      "LifeCycleStage",
    ]);
    const asStaging = (text: string) =>
      text
        .replaceAll("mlops-churn--dev--prod", "mlops-churn--dev--staging")
        .replaceAll("-prod", "-staging");
    for (const role of ["deploy", "serve"]) {
      const [prod, staging] = ["prod", "staging"].map((stage) =>
        statements(named(deployed, `${role}-${stage}-role`)),
      );
      // Only staging writes, and encrypts: the model version and the deployed model, for production;
      // and creates the schedule that deletes its endpoint.
      const writing = ["kms:GenerateDataKey", "s3:PutObject"].concat([
        "scheduler:CreateSchedule",
        "scheduler:GetSchedule",
      ]);
      const comparable = (all: Statement[] | undefined) =>
        all
          ?.filter(({ Sid }) => !decisions.includes(Sid))
          .map((it) =>
            /^Artifact|^StagingSchedule/.test(it.Sid)
              ? { ...it, Action: it.Action.filter((action) => !writing.includes(action)) }
              : it,
          );
      assert.deepEqual(
        JSON.parse(asStaging(JSON.stringify(comparable(prod)))),
        comparable(staging),
      );
    }
  });
});

describe("policies of a deployment with other settings", () => {
  it("allow EventBridge to publish without a role, and create no such role", async () => {
    const policies = await project({ notifications: { executionRole: false } });
    assert.deepEqual(named(policies, "notifications"), reviewed("topic-policy-deployment-service"));
    assert.deepEqual(named(policies, "key"), reviewed("key-policy-deployment-service"));
    assert.deepEqual(
      policies.filter(({ name }) => name.startsWith("notifications-role")),
      [],
    );
  });

  it("allow builds and models to connect to the network, and no model outside it", async () => {
    const policies = await project({ network });
    for (const role of inNetwork) {
      const expected = reviewed(`${role}-role-policy-network`);
      assert.deepEqual(named(policies, `${role}-role`), expected, role);
    }
    for (const role of others)
      assert.deepEqual(named(policies, `${role}-role`), reviewed(`${role}-role-policy`));
  });

  it("require the network for models with isolateJobs off", async () => {
    const policies = await project({ network: { ...network, isolateJobs: false } });
    for (const stage of ["prod", "staging"]) {
      const expected = reviewed(`deploy-${stage}-role-policy-network`);
      assert.deepEqual(named(policies, `deploy-${stage}-role`), expected);
    }
  });

  it("allow the builds to pull their private image from one repository only", async () => {
    const policies = await project({ deploy: { enabled: true, build: { image } } });
    for (const role of builds) {
      assert.deepEqual(
        added(policies, `${role}-role`, `${role}-role-policy`).map(({ Resource, Sid }) => [
          Sid,
          Resource,
        ]),
        [
          ["EcrLogin", ["*"]],
          ["EcrPull", ["arn:aws:ecr:eu-west-1:210987654321:repository/ml/build"]],
        ],
      );
    }
    for (const role of ["serve-prod", "serve-staging"])
      assert.deepEqual(named(policies, `${role}-role`), reviewed(`${role}-role-policy`));
  });

  it("allow only the serving roles to pull the model images", async () => {
    const images = "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost";
    const policies = await project({ training: { imageRepositoryArns: [images] } });
    for (const role of ["serve-prod", "serve-staging"]) {
      assert.deepEqual(
        added(policies, `${role}-role`, `${role}-role-policy`).map(({ Resource }) => Resource),
        [["*"], [images]],
      );
    }
    for (const role of builds)
      assert.deepEqual(named(policies, `${role}-role`), reviewed(`${role}-role-policy`));
  });

  it("allow only a serverless staging endpoint models without network isolation", async () => {
    const policies = await project({
      posture: "dev",
      deploy: { enabled: true, staging: { kind: "serverless" } },
    });
    const others = await project({ posture: "dev" });
    const changed = policies.filter(
      ({ document, name }) => JSON.stringify(document) !== JSON.stringify(named(others, name)),
    );
    assert.deepEqual(
      changed.map(({ document, name }) => [name, document]),
      [["deploy-staging-role", reviewed("deploy-staging-role-policy-serverless")]],
    );
  });

  it("deny executionRoleArn overwriting the artifacts of a deployment", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
    const policies = await project({ training: { executionRoleArn } });
    const ownRoleArn = /arn:aws:iam::123456789012:role\/mlops-churn--dev--execution-use1/g;
    for (const [policyName, file] of [
      ["artifacts", "artifact-bucket-policy-deployment"],
      ["key", "key-policy-deployment"],
    ] as const) {
      const expected = JSON.stringify(reviewed(file)).replace(ownRoleArn, executionRoleArn);
      assert.deepEqual(named(policies, policyName), JSON.parse(expected));
    }
  });
});

describe("stack update with a deployment", () => {
  it("rejects more subnets than fit into the policies, before it creates a resource", async () => {
    const { max } = subnetIdsWithDeployment;
    const subnetIds = (count: number) =>
      Array.from({ length: count }, (_, index) => `subnet-${String(10_000_000 + index)}`);
    const inSubnets = (count: number) => ({
      network: { existing: { ...network.existing, subnetIds: subnetIds(count) } },
    });
    await project(inSubnets(max));
    await assert.rejects(
      project(inSubnets(max + 1)),
      /network\.existing\.subnetIds must be a list of at most \d+ entries where models are deployed/,
    );
    await policiesOf({ ...identity, ...inSubnets(16) });
  });
});

describe("statement EndpointConfigCreateLocalStorage", () => {
  // Families with NVMe instance store volumes.
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
  const hasLocalStorage = (instanceType: string) =>
    /^ml\.([a-z]+\d+[a-z]*d[a-z]*\.|dl1\.|g[5-9]|gr\d|i\d|p[4-9]|trn\d)/.test(instanceType);

  it("allows exactly the instance types with local storage", () => {
    const allowed = statements(reviewed("deploy-prod-role-policy"))
      .filter(({ Sid }) => Sid === "EndpointConfigCreateLocalStorage")
      .flatMap(({ Condition }) => Object.values(Condition["ForAllValues:StringLike"] ?? {}).flat());
    const all = Object.values(ProductionVariantInstanceType);
    assert.deepEqual(
      all.filter((type) => allowed.some((pattern) => matches(pattern, type))),
      all.filter((type) => hasLocalStorage(type)),
    );
    assert.ok(all.length > 100);
  });
});

function project(args: Omit<StackArgs, "projectId" | "projectName">): Promise<PolicyDocument[]> {
  return policiesOf({ ...identity, deploy: { enabled: true }, ...args });
}

function named(policies: readonly PolicyDocument[], name: string): unknown {
  const found = policies.filter((one) => one.name === name);
  assert.equal(found.length, 1, `policies of ${name}`);
  return found[0]?.document;
}

/** Statements of a policy beside the reviewed ones, which must be unchanged. */
function added(policies: readonly PolicyDocument[], name: string, file: string) {
  const found = statements(named(policies, name));
  const standard = statements(reviewed(file));
  for (const statement of standard)
    assert.deepEqual(
      found.find(({ Sid }) => Sid === statement.Sid),
      statement,
    );
  return found.filter(({ Sid }) => !standard.some((it) => it.Sid === Sid));
}

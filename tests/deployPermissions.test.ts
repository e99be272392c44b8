import { strict as assert } from "node:assert";

import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";

import { hasLocalStorage } from "../endpoint/deployments";
import { matches } from "../local/rehearsal/judge/bench";
import { policiesOf, type StackArgs, stackOf } from "./lint/policiesOf";
import type { PolicyDocument } from "./lint/policyDocuments";
import { statements } from "./lint/statements";
import { reviewed } from "./support/documents";

const words = { projectName: "churn", projectId: "dev" };
const roles = ["approval", "deploy", "deploy-prod", "deploy-staging"].concat(
  ["serve-prod", "serve-staging"],
  "test-staging",
);
const network = {
  existing: {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
    securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
  },
};
const image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/ml/build:1.2";

/** What carries a policy that deployment adds or changes, and the file in which it was reviewed. */
const documents: readonly (readonly [carrier: string, file: string])[] = [
  ...roles.map((role) => [`${role}-role`, `${role}-role-policy`] as const),
  ...roles.map((role) => [`${role}-role trust`, `${role}-role-trust`] as const),
  ["state", "state-bucket-policy"],
  ["approver", "approver-policy-deployment"],
  ["artifacts", "artifact-bucket-policy-deployment"],
  ["key", "key-policy-deployment"],
  ["messages-role trust", "messages-role-trust-deployment"],
  ["undelivered", "dead-letter-queue-policy-deployment"],
];

describe("the policies of a deployment, whole", () => {
  let deployed: PolicyDocument[];

  before(async () => {
    deployed = await project({});
  });

  for (const [carrier, file] of documents) {
    it(`${carrier}: exactly as reviewed in ${file}.json`, () => {
      assert.deepEqual(named(deployed, carrier), reviewed(file));
    });
  }

  it("are all that it adds or changes: the model build's own roles may nothing more", async () => {
    const without = await policiesOf(words);
    const others = deployed.filter(
      ({ document, name }) =>
        JSON.stringify(document) !==
        JSON.stringify(without.find((one) => one.name === name)?.document),
    );
    assert.deepEqual(
      others.map(({ name }) => name).sort(),
      documents.map(([carrier]) => carrier).sort(),
    );
    assert.deepEqual(
      without.filter(({ name }) => !deployed.some((one) => one.name === name)),
      [],
    );
  });

  it("allow no action with a wildcard, anywhere", () => {
    for (const { document, name } of deployed) {
      for (const { Action, Effect, Sid } of statements(document)) {
        if (Effect === "Allow") assert.doesNotMatch(Action.join(), /\*/, `${name} ${Sid}`);
      }
    }
  });

  it("are of the two stages alike, but for the stage's name and what staging decides for both", () => {
    const asStaging = (text: string) =>
      text.replaceAll("churn-dev-prod", "churn-dev-staging").replaceAll("-prod", "-staging");
    for (const role of ["deploy", "serve"]) {
      const [prod, staging] = ["prod", "staging"].map((stage) =>
        statements(named(deployed, `${role}-${stage}-role`)),
      );
      const decides = ["ArtifactWrite", "OwnRuns", "ProductionRead"];
      assert.deepEqual(
        JSON.parse(
          asStaging(JSON.stringify(prod?.filter(({ Sid }) => Sid !== "OwnRuns"))).replaceAll(
            "prod/*",
            "staging/*",
          ),
        ),
        staging?.filter(({ Sid }) => !decides.includes(Sid)),
      );
    }
  });
});

describe("the policies of a deployment, as settings change them", () => {
  it("connect builds and models in a network, and let no model leave it", async () => {
    const policies = await project({ network });
    for (const role of roles.filter((one) => /-(prod|staging)$/.test(one))) {
      const expected = reviewed(`${role}-role-policy-network`);
      assert.deepEqual(named(policies, `${role}-role`), expected, role);
    }
    for (const role of ["approval", "deploy"])
      assert.deepEqual(named(policies, `${role}-role`), reviewed(`${role}-role-policy`));
  });

  it("isolate models in a network even where the jobs of training are not", async () => {
    const policies = await project({ network: { ...network, isolateJobs: false } });
    for (const stage of ["prod", "staging"]) {
      const expected = reviewed(`deploy-${stage}-role-policy-network`);
      assert.deepEqual(named(policies, `deploy-${stage}-role`), expected);
    }
  });

  it("let the builds pull their private image, from that one repository", async () => {
    const policies = await project({ deploy: { enabled: true, build: { image } } });
    for (const role of ["deploy-prod", "deploy-staging", "test-staging"]) {
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

  it("let models pull the images of training, and the builds none of them", async () => {
    const images = "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost";
    const policies = await project({ training: { imageRepositoryArns: [images] } });
    for (const role of ["serve-prod", "serve-staging"]) {
      assert.deepEqual(
        added(policies, `${role}-role`, `${role}-role-policy`).map(({ Resource }) => Resource),
        [["*"], [images]],
      );
    }
    for (const role of ["deploy-prod", "deploy-staging", "test-staging"])
      assert.deepEqual(named(policies, `${role}-role`), reviewed(`${role}-role-policy`));
  });

  it("let only administrators change the history of the state, once there are any", async () => {
    const administrator = "arn:aws:iam::123456789012:role/platform-*";
    const policies = await project({ artifacts: { administratorArns: [administrator] } });
    const [statement, ...others] = added(policies, "state", "state-bucket-policy");
    assert.deepEqual(others, []);
    assert.equal(statement?.Sid, "ProtectHistory");
    assert.deepEqual(statement.Condition, {
      ArnNotLike: { "aws:PrincipalArn": [administrator] },
    });
  });

  it("let no training that brings its own role replace what is deployed", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
    const policies = await project({ training: { executionRoleArn } });
    const ours = /arn:aws:iam::123456789012:role\/sagemaker-churn-dev-execution/g;
    for (const [carrier, file] of [
      ["artifacts", "artifact-bucket-policy-deployment"],
      ["key", "key-policy-deployment"],
    ] as const) {
      const expected = JSON.stringify(reviewed(file)).replace(ours, executionRoleArn);
      assert.deepEqual(named(policies, carrier), JSON.parse(expected));
    }
  });
});

describe("whoever brings a deployment up", () => {
  it("needs no use of the key for what the builds are told", async () => {
    const { recording } = await stackOf({ ...words, deploy: { enabled: true } });
    for (const stage of ["prod", "staging"]) {
      const document = recording.inputsOf("s3/BucketObjectv2", `deployment-state-${stage}`);
      assert.equal(document.serverSideEncryption, "AES256");
    }
  });

  it("is told of more subnets than a role has room for, before anything is made", async () => {
    const subnetIds = (count: number) =>
      Array.from({ length: count }, (_, index) => `subnet-${String(10_000_000 + index)}`);
    const inSubnets = (count: number) => ({
      network: { existing: { ...network.existing, subnetIds: subnetIds(count) } },
    });
    await project(inSubnets(10));
    await assert.rejects(
      project(inSubnets(11)),
      /network\.existing\.subnetIds must be a list of at most 10 entries where models are deployed/,
    );
    await policiesOf({ ...words, ...inSubnets(16) });
  });
});

describe("a configuration without a key", () => {
  it("may be made for exactly the machines for which the endpoint program names none", () => {
    const allowed = statements(reviewed("deploy-prod-role-policy"))
      .filter(({ Sid }) => Sid === "ConfigCreateOnOwnDisks")
      .flatMap(({ Condition }) => Object.values(Condition["ForAllValues:StringLike"] ?? {}).flat());
    const all = Object.values(ProductionVariantInstanceType);
    assert.deepEqual(
      all.filter((type) => allowed.some((pattern) => matches(pattern, type))),
      all.filter(hasLocalStorage),
    );
    assert.ok(all.length > 100);
  });
});

function project(args: Omit<StackArgs, "projectId" | "projectName">): Promise<PolicyDocument[]> {
  return policiesOf({ ...words, deploy: { enabled: true }, ...args });
}

function named(policies: readonly PolicyDocument[], name: string): unknown {
  const found = policies.filter((one) => one.name === name);
  assert.equal(found.length, 1, `policies of ${name}`);
  return found[0]?.document;
}

/** What stands in a policy beyond the reviewed one, all of which must still be there. */
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

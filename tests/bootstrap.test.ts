import { strict as assert } from "node:assert";

import { runSimulation } from "@cloud-copilot/iam-simulate";
import { z } from "zod";

import type { Use } from "../local/rehearsal/contract";
import { judge } from "../local/rehearsal/judge/judge";
import { bootstrapped, bootstrapPolicies, config } from "./bootstrap/bootstrapped";
import {
  outsideTheProject,
  previewMay,
  deployMay,
  deployMayNot,
  leaving,
  never,
} from "./bootstrap/rows";
import { everySetting } from "./lint/everySetting";
import { lint } from "./lint/lint";
import { overLimit } from "./lint/overLimit";
import type { PolicyDocument } from "./lint/policyDocuments";
import { statements } from "./lint/statements";
import { deliveryRows } from "./simulation/deliveryRows";
import { deployRows } from "./simulation/deployRows";
import { servingRows } from "./simulation/servingRows";
import { stageRows } from "./simulation/stageRows";
import { trainingRows } from "./simulation/trainingRows";
import { court } from "./support/court";
import { reviewed } from "./support/documents";
import { place } from "./support/mocks";

const accepted = z
  .array(z.strictObject({ reason: z.string().min(20), findings: z.array(z.string()).min(1) }))
  .parse(reviewed("bootstrap-accepted-findings"));

const account = "123456789012";
const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;

describe("the bootstrap program", () => {
  let policies: PolicyDocument[];

  before(async () => {
    policies = await bootstrapPolicies();
  });

  it("makes a state bucket, two keys, GitHub's provider, a preview role, and a bounded role per stack", async () => {
    const recording = await bootstrapped();
    assert.deepEqual(recording.inventory(), [
      "iam/OpenIdConnectProvider github",
      "iam/Policy deploy-dev-data",
      "iam/Policy deploy-prod-data",
      "iam/Policy dev-boundary",
      "iam/Policy dev-deployment-boundary",
      "iam/Policy preview-data",
      "iam/Policy prod-boundary",
      "iam/Policy prod-deployment-boundary",
      "iam/Role deploy-dev",
      "iam/Role deploy-prod",
      "iam/Role preview",
      "iam/RolePolicy deploy-dev",
      "iam/RolePolicy deploy-prod",
      "iam/RolePolicy preview",
      "iam/RolePolicyAttachment deploy-dev",
      "iam/RolePolicyAttachment deploy-prod",
      "iam/RolePolicyAttachment preview",
      "kms/Alias secrets",
      "kms/Alias state",
      "kms/Key secrets",
      "kms/Key state",
      "s3/Bucket state",
      "s3/BucketLifecycleConfiguration state",
      "s3/BucketOwnershipControls state",
      "s3/BucketPolicy state",
      "s3/BucketPublicAccessBlock state",
      "s3/BucketServerSideEncryptionConfiguration state",
      "s3/BucketVersioning state",
    ]);
    const bounds = ["deploy-dev", "deploy-prod", "preview"].map(
      (role) => recording.inputsOf("iam/Role", role).permissionsBoundary,
    );
    assert.deepEqual(bounds, [
      `arn:aws:iam::${account}:policy/churn-dev-deployment-boundary`,
      `arn:aws:iam::${account}:policy/churn-prod-deployment-boundary`,
      undefined,
    ]);
    for (const role of ["deploy-dev", "deploy-prod", "preview"]) {
      assert.equal(
        recording.inputsOf("iam/RolePolicyAttachment", role).policyArn,
        `arn:aws:iam::${account}:policy/churn-${role}-data`,
      );
    }
  });

  it("tells every mistake in its config at once", async () => {
    const wrong = {
      ...config,
      "model-build-pipeline:repository": "https://github.com/acme/churn",
      "model-build-pipeline:ownerId": "acme",
    };
    await assert.rejects(
      bootstrapped(wrong),
      /2 problems in Pulumi\.dev\.yaml:\n.*repository must be owner and name, for example "acme\/churn"; got "https.*\n.*ownerId must be GitHub's number/,
    );
  });

  it("has no finding of the linter but the accepted ones, in every partition", async () => {
    const found = new Set<string>();
    const places = new Map(everySetting().map(({ where }) => [where.partition, where]));
    for (const where of places.values()) {
      for (const policy of await bootstrapPolicies(config, where)) {
        // A boundary is a ceiling: whole services, under the project's names.
        const ceiling = policy.kind === "boundary";
        const findings = ceiling ? overLimit(policy) : await lint(policy, where);
        for (const finding of findings) found.add(finding.replace(/-\d{12}-[a-z0-9-]+\//, "/"));
      }
    }
    assert.deepEqual([...found].sort(), accepted.flatMap(({ findings }) => findings).sort());
  }).timeout(60_000);

  it("fits into AWS's limits with the longest names, and a data bucket", async () => {
    const long = {
      ...config,
      "model-build-pipeline:projectName": "c".repeat(20),
      "model-build-pipeline:stacks": JSON.stringify(["d".repeat(17), "p".repeat(17)]),
      "model-build-pipeline:dataBuckets": JSON.stringify(["churn-data"]),
    };
    assert.deepEqual((await bootstrapPolicies(long)).flatMap(overLimit), []);
  });

  describe("trusts", () => {
    const names = "repo:acme/model-build-pipeline";
    const numbers = "repo:acme@1234567/model-build-pipeline@987654321";
    const main = "refs/heads/main";
    const may: readonly [role: string, subject: string, ref: string][] = [names, numbers].flatMap(
      (subject) => [
        ["preview", `${subject}:pull_request`, "refs/pull/12/merge"],
        ["preview", `${subject}:ref:${main}`, main],
        ["deploy-dev", `${subject}:environment:dev`, main],
        ["deploy-prod", `${subject}:environment:prod`, main],
      ],
    );
    const mayNot: readonly [what: string, role: string, subject: string, ref: string][] = [
      ["another branch a preview", "preview", `${names}:ref:refs/heads/x`, "refs/heads/x"],
      ["a pull request a deployment", "deploy-dev", `${names}:pull_request`, "refs/pull/1/merge"],
      ["main without an environment", "deploy-dev", `${names}:ref:${main}`, main],
      ["another environment", "deploy-dev", `${names}:environment:prod`, main],
      [
        "the environment from another branch",
        "deploy-dev",
        `${names}:environment:dev`,
        "refs/heads/x",
      ],
      ["a fork", "preview", "repo:mallory/model-build-pipeline:pull_request", "refs/pull/1/merge"],
      ["another repository", "deploy-prod", "repo:acme/other:environment:prod", main],
      [
        "another owner of the name",
        "deploy-prod",
        "repo:acme@666/model-build-pipeline@987654321:environment:prod",
        main,
      ],
    ];
    for (const [role, sub, ref] of may) {
      it(`${sub} with ${role}`, async () => {
        assert.equal(await assumes(role, { sub, ref }), true);
      });
    }
    for (const [what, role, sub, ref] of mayNot) {
      it(`not ${what} with ${role}`, async () => {
        assert.equal(await assumes(role, { sub, ref }), false);
      });
    }

    it("no token of another repository that has taken over the name, and none for another audience", async () => {
      const sub = `${names}:environment:prod`;
      assert.equal(await assumes("deploy-prod", { sub, ref: main, repository_id: "1" }), false);
      assert.equal(await assumes("deploy-prod", { sub, ref: main, aud: "sigstore" }), false);
    });
  });

  describe("lets", () => {
    for (const [statement, uses] of previewMay) {
      it(`a preview do what ${statement} is for, which nothing else allows`, () =>
        mustNeed("preview", statement, uses));
    }
    for (const [statement, uses] of deployMay) {
      it(`a deployment of dev do what ${statement} is for, which nothing else allows`, () =>
        mustNeed("deploy-dev", statement, uses));
    }

    it("speaks of every statement of both roles", () => {
      const ofRole = (name: string) =>
        [named(name), named(`${name}-data`)]
          .flatMap(statements)
          .map(({ Sid }) => Sid)
          .sort();
      assert.deepEqual(previewMay.map(([sid]) => sid).sort(), ofRole("preview"));
      assert.deepEqual(deployMay.map(([sid]) => sid).sort(), ofRole("deploy-dev"));
    });
  });

  it("bounds no role of the project in what it is there for, but for others' keys and connections", async () => {
    const apart = [/^execution-role SourceDataKey/, /-role SourceConnection/, /-role Network/];
    const keyTags = {
      "aws:ResourceTag/sagemaker:project-id": "dev",
      "aws:ResourceTag/sagemaker:project-name": "churn",
    };
    const all = [deliveryRows, trainingRows, deployRows, stageRows, servingRows];
    const uses = all
      .flat()
      .filter(({ statement }) => !apart.some((one) => one.test(statement)))
      .flatMap(({ calls }) => calls.map(([, does]) => does))
      .map((does) =>
        does.action.startsWith("kms:")
          ? { ...does, context: { ...does.context, ...keyTags } }
          : does,
      );
    const denied: string[] = [];
    for (const does of uses) {
      if (!(await may("anything", does))) denied.push(`${does.action} on ${does.resource}`);
    }
    assert.deepEqual(denied, []);
    assert.ok(uses.length > 200);
  });

  describe("never lets", () => {
    it("a preview do anything that only a deployment may", async () => {
      const may = previewMay.flatMap(([, uses]) => uses.map((one) => JSON.stringify(one)));
      const more = deployMay
        .flatMap(([, uses]) => uses)
        .filter((one) => !may.includes(JSON.stringify(one)));
      assert.ok(more.length > 20);
      assert.deepEqual(await allowed("preview", more), []);
    });

    for (const [what, uses] of [...deployMayNot, ...outsideTheProject]) {
      it(`a deployment ${what}`, async () => {
        assert.deepEqual(await allowed("deploy-dev", uses), []);
      });
    }

    for (const [what, uses] of leaving) {
      it(`a deployment ${what}, whatever its own policy says`, async () => {
        assert.deepEqual(await allowed("anything of a deployment", uses), []);
      });
    }

    for (const [what, uses] of never) {
      it(`a role within the boundary ${what}, whatever its own policy says`, async () => {
        assert.deepEqual(await allowed("anything", uses), []);
      });
    }
  });

  function named(name: string): unknown {
    const found = policies.find((policy) => policy.name === name);
    assert.ok(found, `there is no policy ${name}`);
    return found.document;
  }

  async function allowed(role: string, uses: readonly Use[], without?: string): Promise<string[]> {
    const found: string[] = [];
    for (const use of uses) {
      if (await may(role, use, without)) found.push(`${use.action} on ${use.resource}`);
    }
    return found;
  }

  async function mustNeed(role: string, statement: string, uses: readonly Use[]): Promise<void> {
    assert.deepEqual(
      await allowed(role, uses),
      uses.map(({ action, resource }) => `${action} on ${resource}`),
    );
    assert.deepEqual(await allowed(role, uses, statement), []);
  }

  async function may(role: string, use: Use, without?: string): Promise<boolean> {
    const isAnything = role.startsWith("anything");
    const documents = isAnything
      ? [everything]
      : [named(role), named(`${role}-data`)].map((it) => less(it, without));
    const boundaryOf = role === "anything" ? "dev-boundary" : "dev-deployment-boundary";
    const boundary = { name: "boundary", document: named(boundaryOf) };
    const actor = {
      roleArn: `arn:aws:iam::${account}:role/churn-${role}`,
      sessionArn: `arn:aws:sts::${account}:assumed-role/churn-${role}/test`,
    };
    const policiesOf = {
      ofRole: () =>
        Promise.resolve({
          identity: documents.map((document, index) => ({ name: String(index), document })),
          ...(role === "preview" ? {} : { boundary }),
        }),
      ofResource: (arn: string) =>
        Promise.resolve(arn.includes(":kms:") ? anyOfTheAccount : undefined),
    };
    return (await judge(actor, use, { ...court, policies: policiesOf })).allowed;
  }

  async function assumes(role: string, claims: Record<string, string>): Promise<boolean> {
    const all = { aud: "sts.amazonaws.com", repository_id: "987654321", ...claims };
    const outcome = await runSimulation(
      {
        request: {
          principal: provider,
          action: "sts:AssumeRoleWithWebIdentity",
          resource: { resource: `arn:aws:iam::${account}:role/churn-${role}`, accountId: account },
          contextVariables: Object.fromEntries(
            Object.entries(all).map(([claim, value]) => [standIn(claim), value]),
          ),
        },
        identityPolicies: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: withStandIns(named(`${role} trust`)),
      },
      {},
    );
    return outcome.resultType === "single" && outcome.overallResult === "Allowed";
  }
});

// The simulator does not know every claim of GitHub's tokens. Tags of a request stand in: it knows those.
function standIn(claim: string): string {
  return `aws:RequestTag/${claim}`;
}

function withStandIns(document: unknown): unknown {
  return JSON.parse(
    JSON.stringify(document).replaceAll("token.actions.githubusercontent.com:", standIn("")),
  );
}

const anything = { Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" };
const everything = { Version: "2012-10-17", Statement: [anything] };
const anyOfTheAccount = {
  Version: "2012-10-17",
  Statement: [{ ...anything, Principal: { AWS: `arn:aws:iam::${place.accountId}:root` } }],
};

function less(document: unknown, sid: string | undefined): unknown {
  const shape = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) });
  const { Statement, ...rest } = shape.parse(document);
  return { ...rest, Statement: Statement.filter(({ Sid }) => Sid !== sid) };
}

import { strict as assert } from "node:assert";

import { runSimulation } from "@cloud-copilot/iam-simulate";
import { z } from "zod";

import type { RequiredAction } from "../../local/iam/contract";
import { authorize } from "../../local/iam/simulate";
import { bootstrapped, bootstrapPolicies, config } from "./bootstrapped";
import {
  administratorMay,
  outsideTheProject,
  outsiderMayNot,
  previewMay,
  previewMayNotState,
  deployMay,
  deployMayNot,
  deployMayNotState,
  leaving,
  never,
} from "./rows";
import { everySetting } from "../permissions/lint/everySetting";
import { lint } from "../permissions/lint/lint";
import { overLimit } from "../permissions/lint/overLimit";
import type { PolicyDocument } from "../permissions/lint/policyDocuments";
import { statements } from "../permissions/lint/statements";
import { deliveryRows } from "../permissions/simulation/deliveryRows";
import { deployRows } from "../permissions/simulation/deployRows";
import { queueRows } from "../permissions/simulation/queueRows";
import { servingRows } from "../permissions/simulation/servingRows";
import { stageRows } from "../permissions/simulation/stageRows";
import { trainingRows } from "../permissions/simulation/trainingRows";
import { policySet } from "../support/policySet";
import { reviewed } from "../support/documents";
import { awsContext, keyArn, otherKeyArn } from "../support/mocks";

const accepted = z
  .array(z.strictObject({ reason: z.string().min(20), findings: z.array(z.string()).min(1) }))
  .parse(reviewed("bootstrap-accepted-findings"));

const account = "123456789012";
const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;

describe("bootstrap program", () => {
  let policies: PolicyDocument[];

  before(async () => {
    policies = await bootstrapPolicies();
  });

  it("creates the state bucket, keys, OIDC provider, roles and boundaries", async () => {
    const recording = await bootstrapped();
    assert.deepEqual(recording.inventory(), [
      "iam/OpenIdConnectProvider github",
      "iam/Policy deploy-dev-data",
      "iam/Policy deploy-dev-state",
      "iam/Policy deploy-prod-data",
      "iam/Policy deploy-prod-state",
      "iam/Policy dev-boundary",
      "iam/Policy dev-deployment-boundary",
      "iam/Policy preview-data",
      "iam/Policy preview-state",
      "iam/Policy prod-boundary",
      "iam/Policy prod-deployment-boundary",
      "iam/Role deploy-dev",
      "iam/Role deploy-prod",
      "iam/Role preview",
      "iam/RolePolicy deploy-dev",
      "iam/RolePolicy deploy-prod",
      "iam/RolePolicy preview",
      "iam/RolePolicyAttachment deploy-dev-data",
      "iam/RolePolicyAttachment deploy-dev-state",
      "iam/RolePolicyAttachment deploy-prod-data",
      "iam/RolePolicyAttachment deploy-prod-state",
      "iam/RolePolicyAttachment preview-data",
      "iam/RolePolicyAttachment preview-state",
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
    const boundaries = ["deploy-dev", "deploy-prod", "preview"].map(
      (role) => recording.inputsOf("iam/Role", role).permissionsBoundary,
    );
    assert.deepEqual(boundaries, [
      `arn:aws:iam::${account}:policy/mlops-churn--dev--deployment-boundary-use1`,
      `arn:aws:iam::${account}:policy/mlops-churn--prod--deployment-boundary-use1`,
      undefined,
    ]);
    const names = {
      "deploy-dev": "mlops-churn--dev--github-deploy-use1",
      "deploy-prod": "mlops-churn--prod--github-deploy-use1",
      preview: "mlops-churn--github-preview-use1",
    };
    for (const [role, name] of Object.entries(names)) {
      assert.equal(recording.inputsOf("iam/Role", role).name, name);
      for (const kind of ["data", "state"])
        assert.equal(
          recording.inputsOf("iam/RolePolicyAttachment", `${role}-${kind}`).policyArn,
          `arn:aws:iam::${account}:policy/${name}-${kind}`,
        );
    }
  });

  it("expires old states after a year, and aborts incomplete uploads after a day", async () => {
    const recording = await bootstrapped();
    assert.deepEqual(recording.inputsOf("s3/BucketLifecycleConfiguration", "state").rules, [
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        noncurrentVersionExpiration: { noncurrentDays: 365 },
      },
    ]);
  });

  it("reports every config error at once", async () => {
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

  it("has exactly the accepted linter findings, in every partition", async () => {
    const found = new Set<string>();
    const places = new Map(everySetting().map(({ where }) => [where.partition, where]));
    for (const where of places.values()) {
      for (const policy of await bootstrapPolicies(config, where)) {
        // A boundary allows whole services under the project's names: check its limits only.
        const isBoundary = policy.kind === "boundary";
        const findings = isBoundary ? overLimit(policy) : await lint(policy, where);
        for (const finding of findings) found.add(finding.replace(/-\d{12}-[a-z0-9-]+\//, "/"));
      }
    }
    assert.deepEqual([...found].sort(), accepted.flatMap(({ findings }) => findings).sort());
  }).timeout(60_000);

  it("stays within the IAM size limits with the longest names and a data bucket", async () => {
    const long = {
      ...config,
      "model-build-pipeline:projectName": "c".repeat(20),
      "model-build-pipeline:stacks": JSON.stringify(["d".repeat(17), "p".repeat(17)]),
      "model-build-pipeline:dataBuckets": JSON.stringify(["churn-data"]),
    };
    assert.deepEqual((await bootstrapPolicies(long)).flatMap(overLimit), []);
  });

  describe("trust policies", () => {
    const names = "repo:acme/model-build-pipeline";
    const numbers = "repo:acme@1234567/model-build-pipeline@987654321";
    const main = "refs/heads/main";
    const allowedTokens: readonly [role: string, subject: string, ref: string][] = [
      names,
      numbers,
    ].flatMap((subject) => [
      ["preview", `${subject}:pull_request`, "refs/pull/12/merge"],
      ["preview", `${subject}:ref:${main}`, main],
      ["deploy-dev", `${subject}:environment:dev`, main],
      ["deploy-prod", `${subject}:environment:prod`, main],
    ]);
    const deniedTokens: readonly [token: string, role: string, subject: string, ref: string][] = [
      ["another branch", "preview", `${names}:ref:refs/heads/x`, "refs/heads/x"],
      ["a pull request", "deploy-dev", `${names}:pull_request`, "refs/pull/1/merge"],
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
        "another owner with the same name",
        "deploy-prod",
        "repo:acme@666/model-build-pipeline@987654321:environment:prod",
        main,
      ],
    ];
    for (const [role, sub, ref] of allowedTokens) {
      it(`allow ${sub} to assume ${role}`, async () => {
        assert.equal(await assumes(role, { sub, ref }), true);
      });
    }
    for (const [token, role, sub, ref] of deniedTokens) {
      it(`deny ${token} assuming ${role}`, async () => {
        assert.equal(await assumes(role, { sub, ref }), false);
      });
    }

    it("deny tokens of another repository id or for another audience", async () => {
      const sub = `${names}:environment:prod`;
      assert.equal(await assumes("deploy-prod", { sub, ref: main, repository_id: "1" }), false);
      assert.equal(await assumes("deploy-prod", { sub, ref: main, aud: "sigstore" }), false);
    });
  });

  describe("role policies", () => {
    for (const [statement, uses] of previewMay) {
      it(`allow the calls of ${statement} in a preview by this statement only`, () =>
        mustNeed("preview", statement, uses));
    }
    for (const [statement, uses] of deployMay) {
      it(`allow the calls of ${statement} in a deployment of dev by this statement only`, () =>
        mustNeed("deploy-dev", statement, uses));
    }

    it("have a tested call for every statement of both roles", () => {
      const ofRole = (name: string) =>
        policiesOfRole(name)
          .flatMap(statements)
          .map(({ Sid }) => Sid)
          .sort();
      assert.deepEqual(previewMay.map(([sid]) => sid).sort(), ofRole("preview"));
      assert.deepEqual(deployMay.map(([sid]) => sid).sort(), ofRole("deploy-dev"));
    });
  });

  it("allows the calls of the project's roles in the boundary", async () => {
    // The boundary does not cover external keys, connections, networks, secrets and parameters.
    const excluded = [
      ...[/^execution-role TrainingDataKey/, /-role SourceConnection/, /-role Network/],
      /^build-role (Secret|Parameter)/,
    ];
    const keyTags = {
      "aws:ResourceTag/sagemaker:project-id": "dev",
      "aws:ResourceTag/sagemaker:project-name": "churn",
    };
    const all = [deliveryRows, trainingRows, deployRows, queueRows, stageRows, servingRows];
    const uses = all
      .flat()
      .filter(({ statement }) => !excluded.some((one) => one.test(statement)))
      .flatMap(({ calls }) => calls.map(([, does]) => does))
      .map((does) =>
        does.action.startsWith("kms:")
          ? { ...does, context: { ...does.context, ...keyTags } }
          : does,
      );
    const denied: string[] = [];
    for (const does of uses) {
      if (!(await may("any-policy", does))) denied.push(`${does.action} on ${does.resource}`);
    }
    assert.deepEqual(denied, []);
    assert.ok(uses.length > 200);
  });

  describe("role policies and boundaries", () => {
    it("deny a preview every call that only a deployment needs", async () => {
      const allowedInPreview = previewMay.flatMap(([, uses]) =>
        uses.map((one) => JSON.stringify(one)),
      );
      const more = deployMay
        .flatMap(([, uses]) => uses)
        .filter((one) => !allowedInPreview.includes(JSON.stringify(one)));
      assert.ok(more.length > 20);
      assert.deepEqual(await allowed("preview", more), []);
    });

    for (const [title, uses] of [...deployMayNot, ...outsideTheProject, ...deployMayNotState]) {
      it(`deny a deployment role to ${title}`, async () => {
        assert.deepEqual(await allowed("deploy-dev", uses), []);
      });
    }

    for (const [title, uses] of previewMayNotState) {
      it(`deny the preview role to ${title}`, async () => {
        assert.deepEqual(await allowed("preview", uses), []);
      });
    }

    for (const [title, uses] of outsiderMayNot) {
      it(`deny another role with any policy to ${title}`, async () => {
        assert.deepEqual(await allowed("outsider", uses), []);
      });
    }

    it("allow an administrator to write state and secrets", async () => {
      assert.equal((await allowed("administrator", administratorMay)).length, 6);
    });

    for (const [title, uses] of leaving) {
      it(`deny a deployment role with any policy to ${title}`, async () => {
        assert.deepEqual(await allowed("any-policy-deployment", uses), []);
      });
    }

    for (const [title, uses] of never) {
      it(`deny a project role with any policy to ${title}`, async () => {
        assert.deepEqual(await allowed("any-policy", uses), []);
      });
    }
  });

  function policiesOfRole(role: string): unknown[] {
    return [named(role), named(`${role}-data`), named(`${role}-state`)];
  }

  /** A policy by its resource; policies of a bucket or key by `name kind`. */
  function named(name: string): unknown {
    const found = policies.find(
      (policy) => policy.name === name || `${policy.name} ${policy.kind}` === name,
    );
    assert.ok(found, `no policy ${name}`);
    return found.document;
  }

  async function allowed(
    role: string,
    uses: readonly RequiredAction[],
    without?: string,
  ): Promise<string[]> {
    const found: string[] = [];
    for (const use of uses) {
      if (await may(role, use, without)) found.push(`${use.action} on ${use.resource}`);
    }
    return found;
  }

  async function mustNeed(
    role: string,
    statement: string,
    uses: readonly RequiredAction[],
  ): Promise<void> {
    assert.deepEqual(
      await allowed(role, uses),
      uses.map(({ action, resource }) => `${action} on ${resource}`),
    );
    assert.deepEqual(await allowed(role, uses, statement), []);
  }

  async function may(role: string, use: RequiredAction, without?: string): Promise<boolean> {
    const name = roleNames[role] ?? role;
    const hasOwnPolicies = role in roleNames;
    const documents = hasOwnPolicies
      ? policiesOfRole(role).map((it) => withoutStatement(it, without))
      : [allowAllPolicy];
    const boundaryOf = boundaries[role];
    const actor = {
      roleArn: `arn:aws:iam::${account}:role/${name}`,
      sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/test`,
    };
    // The key of a project delegates to IAM policies, too.
    const isStateUser = hasOwnPolicies || boundaryOf === undefined;
    const policiesOf = {
      ofRole: () =>
        Promise.resolve({
          identity: documents.map((document, index) => ({ name: String(index), document })),
          ...(boundaryOf === undefined
            ? {}
            : { boundary: { name: "boundary", document: named(boundaryOf) } }),
        }),
      ofResource: (arn: string) =>
        Promise.resolve(isStateUser ? resourcePolicy(arn) : projectKey(arn)),
    };
    return (await authorize(actor, use, { ...policySet, policies: policiesOf })).allowed;
  }

  function resourcePolicy(arn: string): unknown {
    if (arn === keyArn) return named("state key");
    if (arn === otherKeyArn) return named("secrets key");
    if (arn.startsWith("arn:aws:s3:::mlops-churn--state-")) return named("state bucket");
    return projectKey(arn);
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
            Object.entries(all).map(([claim, value]) => [requestTagOf(claim), value]),
          ),
        },
        identityPolicies: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: withRequestTags(named(`${role} trust`)),
      },
      {},
    );
    return outcome.resultType === "single" && outcome.overallResult === "Allowed";
  }
});

// The simulator does not support every claim of GitHub's tokens: request tags replace the claims.
function requestTagOf(claim: string): string {
  return `aws:RequestTag/${claim}`;
}

function withRequestTags(document: unknown): unknown {
  return JSON.parse(
    JSON.stringify(document).replaceAll("token.actions.githubusercontent.com:", requestTagOf("")),
  );
}

const allowAll = { Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" };
const allowAllPolicy = { Version: "2012-10-17", Statement: [allowAll] };
const roleNames: Readonly<Record<string, string>> = {
  "deploy-dev": "mlops-churn--dev--github-deploy-use1",
  preview: "mlops-churn--github-preview-use1",
};
const boundaries: Readonly<Record<string, string>> = {
  "any-policy": "dev-boundary",
  "any-policy-deployment": "dev-deployment-boundary",
  "deploy-dev": "dev-deployment-boundary",
};
const everyAccountPrincipal = {
  Version: "2012-10-17",
  Statement: [{ ...allowAll, Principal: { AWS: `arn:aws:iam::${awsContext.accountId}:root` } }],
};

function projectKey(arn: string): unknown {
  return arn.includes(":kms:") ? everyAccountPrincipal : undefined;
}

function withoutStatement(document: unknown, sid: string | undefined): unknown {
  const shape = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) });
  const { Statement, ...rest } = shape.parse(document);
  return { ...rest, Statement: Statement.filter(({ Sid }) => Sid !== sid) };
}

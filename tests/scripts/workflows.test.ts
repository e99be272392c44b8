import { strict as assert } from "node:assert";

import { z } from "zod";

import { contentOf, filesIn, textOf } from "../support/repositoryFiles";

const stepShape = z.object({
  env: z.record(z.string(), z.unknown()).default({}),
  if: z.string().optional(),
  name: z.string().optional(),
  run: z.string().default(""),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const envShape = z.record(z.string(), z.string()).default({});
const jobShape = z.object({
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  env: envShape,
  environment: z.string().optional(),
  if: z.string().optional(),
  needs: z.string().optional(),
  permissions: z.record(z.string(), z.string()),
  steps: z.array(stepShape),
  strategy: z
    .object({ "fail-fast": z.boolean(), matrix: z.object({ stack: z.array(z.string()) }) })
    .optional(),
  "timeout-minutes": z.number(),
});
const workflowShape = z.object({
  env: envShape,
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), jobShape),
});
const actionShape = z.object({ runs: z.object({ steps: z.array(stepShape) }) });

type Step = z.output<typeof stepShape>;

const stacks = ["dev", "prod"];
const action = ".github/actions/pulumi/action.yml";
const workflows = filesIn(".github/workflows", /\.ya?ml$/).map(
  (name) => `.github/workflows/${name}`,
);
const workflow = (name: string) => contentOf(`.github/workflows/${name}.yml`, workflowShape);
const job = (name: string, id: string) => {
  const found = workflow(name).jobs[id];
  assert.ok(found, `${name}.yml has no job ${id}`);
  return found;
};
const read = { contents: "read" };
const assumeRole = { ...read, "id-token": "write" };

describe("deploy workflow", () => {
  it("runs on main only, for dev and prod", () => {
    const { jobs, on } = workflow("deploy");
    assert.deepEqual(on, { push: { branches: ["main"] } });
    assert.deepEqual(Object.keys(jobs), stacks);
  });

  it("deploys prod after dev", () => {
    assert.equal(job("deploy", "dev").needs, undefined);
    assert.equal(job("deploy", "prod").needs, "dev");
  });

  for (const stack of stacks)
    describe(`job ${stack}`, () => {
      it("runs in its environment, which has the reviewers and the role", () => {
        const { environment, steps } = job("deploy", stack);
        assert.equal(environment, stack);
        assert.equal(setupIn(steps).role, "${{ vars.AWS_DEPLOY_ROLE_ARN }}");
      });

      it("deploys its stack only, in the last step, without conditions", () => {
        const { if: condition, steps } = job("deploy", stack);
        const run = steps.at(-1)?.run ?? "";
        const others = stacks.filter((other) => other !== stack);
        assert.match(run, new RegExp(`--stack ${stack}\\b`));
        assert.doesNotMatch(run, new RegExp(`\\b(${others.join("|")})\\b`));
        assert.equal(condition, undefined);
        assert.deepEqual(
          steps.filter((step) => step.if !== undefined),
          [],
        );
      });

      it("runs alone, and is never cancelled half way", () => {
        const { concurrency } = job("deploy", stack);
        assert.deepEqual(concurrency, { group: `deploy-${stack}`, "cancel-in-progress": false });
      });

      it("may check out code and assume a role, and has no token", () => {
        const { permissions, steps } = job("deploy", stack);
        assert.deepEqual(permissions, assumeRole);
        assert.deepEqual(steps.filter(hasToken), []);
      });
    });
});

describe("pull request workflow", () => {
  const preview = () => job("pull-request", "preview");

  it("runs on pull requests, with the token of the pull request", () => {
    assert.deepEqual(workflow("pull-request").on, { pull_request: null });
  });

  it("previews both stacks, each to the end", () => {
    const { steps, strategy } = preview();
    assert.deepEqual(strategy, { "fail-fast": false, matrix: { stack: stacks } });
    const previews = steps.filter(({ run }) => /\b(npm run|pulumi) preview\b/.test(run));
    const [step, ...others] = previews;
    assert.ok(step);
    assert.deepEqual(others, []);
    assert.match(step.run, /--stack "\$STACK"/);
    assert.equal(step.env.STACK, "${{ matrix.stack }}");
    assert.equal(step.if, undefined);
  });

  it("skips the preview for forks, which get no OIDC token", () => {
    assert.equal(
      preview().if,
      "github.event.pull_request.head.repo.full_name == github.repository",
    );
  });

  it("previews with the role that reads, outside of every environment", () => {
    const { environment, permissions, steps } = preview();
    assert.equal(setupIn(steps).role, "${{ vars.AWS_PREVIEW_ROLE_ARN }}");
    assert.equal(environment, undefined);
    assert.deepEqual(permissions, { ...assumeRole, "pull-requests": "write" });
  });

  it("gives the token to the comment step only, which also runs after a failed preview", () => {
    const { steps } = preview();
    const withToken = steps.filter(hasToken);
    assert.deepEqual(
      withToken.map(({ name }) => name),
      ["Comment"],
    );
    assert.equal(withToken[0], steps.at(-1));
    assert.match(withToken[0]?.if ?? "", /!cancelled\(\)/);
  });

  it("runs the checks of CI for every pull request, without AWS and without a token", () => {
    const check = job("pull-request", "check");
    assert.equal(check.if, undefined);
    assert.deepEqual(check.permissions, read);
    assert.equal(check.steps.at(-1)?.run, ".ci/run");
    assert.deepEqual(check.steps.filter(hasToken), []);
  });
});

describe("drift workflow", () => {
  const drift = () => job("drift", "drift");

  it("runs every night, on the default branch", () => {
    const { on } = workflow("drift");
    assert.deepEqual(Object.keys(on), ["schedule", "workflow_dispatch"]);
    assert.match(JSON.stringify(on.schedule), /^\[\{"cron":"\d+ \d+ \* \* \*"\}\]$/);
    assert.equal(
      drift().if,
      "github.event_name == 'schedule' || " +
        "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)",
    );
  });

  it("checks both stacks", () => {
    const { steps, strategy = { "fail-fast": false } } = drift();
    const commands = steps.map(({ run }) => run).join("\n");
    const named = [...commands.matchAll(/--stack (\w+)/g)].map(([, stack]) => stack);
    assert.deepEqual("matrix" in strategy ? strategy.matrix.stack : named, stacks);
    assert.equal(strategy["fail-fast"], false);
  });

  it("reads with the preview role, and gives the token to the issue step only", () => {
    const { environment, permissions, steps } = drift();
    assert.equal(setupIn(steps).role, "${{ vars.AWS_PREVIEW_ROLE_ARN }}");
    assert.equal(environment, undefined);
    assert.deepEqual(permissions, { ...assumeRole, issues: "write" });
    assert.deepEqual(steps.filter(hasToken), [steps.at(-1)]);
  });
});

describe("every workflow", () => {
  for (const file of workflows) {
    it(`${file} grants permissions by job, and the token by step`, () => {
      const { jobs, permissions } = contentOf(file, workflowShape);
      assert.deepEqual(permissions, {});
      const steps = Object.values(jobs).flatMap((one) => one.steps);
      const mentions = textOf(file).match(/github\.token/g) ?? [];
      assert.equal(mentions.length, steps.filter(hasToken).length);
      assert.doesNotMatch(textOf(file), /pull_request_target|secrets\b|toJSON|write-all/);
    });

    it(`${file} leaves no credentials in the checkout`, () => {
      for (const { steps } of Object.values(contentOf(file, workflowShape).jobs)) {
        const [checkout] = steps;
        assert.match(checkout?.uses ?? "", /^actions\/checkout@/);
        assert.deepEqual(checkout?.with, { "persist-credentials": false });
      }
    });

    it(`${file} downloads no plugin that a state or a package names`, () => {
      const { env, jobs } = contentOf(file, workflowShape);
      const variable = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";
      for (const { env: ofJob, steps } of Object.values(jobs))
        for (const step of steps)
          assert.equal({ ...env, ...ofJob, ...step.env }[variable], "true", step.name);
      assert.doesNotMatch(textOf(file), /plugin install|pulumi install/);
    });

    it(`${file} restores no cache, which an earlier job could have changed`, () => {
      assert.doesNotMatch(textOf(file), /actions\/cache|\bcache(-[\w-]+)?: (?!false)/);
    });

    it(`${file} fails with its first failed step`, () => {
      assert.doesNotMatch(textOf(file), /continue-on-error|\|\| (true|:)/);
    });

    it(`${file} runs Pulumi with the policy pack`, () => {
      for (const line of textOf(file).replaceAll("\\\n", " ").split("\n"))
        if (/\bpulumi (preview|up) /.test(line)) assert.match(line, /--policy-pack policy\b/);
    });
  }

  it("pins each action to one commit, and says its version", () => {
    const commits = new Map<string, string>();
    for (const file of [...workflows, action])
      for (const [line, used = ""] of textOf(file).matchAll(/^.*\buses:\s*(\S+).*$/gm)) {
        if (used === "./.github/actions/pulumi") continue;
        assert.match(line, /uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
        const [name = "", commit = ""] = used.split("@");
        assert.equal(commits.get(name) ?? commit, commit, `${name} in ${file}`);
        commits.set(name, commit);
      }
    assert.ok(commits.size >= 4);
  });
});

describe("tools of the workflows", () => {
  const setup = contentOf(action, actionShape).runs.steps;
  const [, cli, aws] =
    /install\.sh" (\S+) aws=(\S+)$/m.exec(setup.map(({ run }) => run).join("\n")) ?? [];
  const installed = { aws, cli };
  const inputOf = (steps: readonly Step[], uses: string, input: string) =>
    steps.find((step) => step.uses?.startsWith(`${uses}@`))?.with[input];

  it("install the Pulumi CLI of the local cloud, the oldest that Pulumi.yaml accepts", () => {
    const [, local] =
      /PULUMI_VERSION = "(\d+\.\d+\.\d+)"/.exec(textOf("local/toolchain/pulumiCli.ts")) ?? [];
    assert.ok(local);
    assert.equal(installed.cli, local);
    for (const file of ["Pulumi.yaml", "template/Pulumi.yaml"]) {
      const project = contentOf(file, z.object({ requiredPulumiVersion: z.string() }));
      assert.equal(project.requiredPulumiVersion, `>=${local}`, file);
    }
  });

  it("install the aws plugin of the npm package", () => {
    const dependencies = z.record(z.string(), z.string());
    const project = contentOf("package.json", z.object({ dependencies }));
    assert.equal(installed.aws, project.dependencies["@pulumi/aws"]);
  });

  it("install Pulumi with install.sh only, before the job has AWS credentials", () => {
    const uses = setup.map((step) => step.uses?.split("@")[0] ?? step.name);
    assert.ok(!uses.includes("pulumi/actions"));
    const install = uses.indexOf("Install the Pulumi CLI and the aws plugin");
    assert.ok(install > 0 && install < uses.indexOf("aws-actions/configure-aws-credentials"));
    assert.doesNotMatch(textOf(action), /actions\/cache|get\.pulumi\.com|curl/);
  });

  it("install one version of Node, without a cache that pull requests can write", () => {
    const { steps } = job("pull-request", "check");
    for (const [input, value] of [
      ["node-version", 22],
      ["package-manager-cache", false],
    ] as const)
      assert.deepEqual(
        [setup, steps].map((some) => inputOf(some, "actions/setup-node", input)),
        [value, value],
      );
  });

  it("assume the role of the job, in its region, and install locked packages", () => {
    assert.equal(
      inputOf(setup, "aws-actions/configure-aws-credentials", "role-to-assume"),
      "${{ inputs.role }}",
    );
    assert.ok(setup.some(({ run }) => run === "npm ci"));
    assert.deepEqual(setup.filter(hasToken), []);
  });
});

function hasToken({ env, run, with: inputs }: Step): boolean {
  return JSON.stringify({ env, run, inputs }).includes("github.token");
}

/** Inputs of the action that sets up Pulumi and AWS. */
function setupIn(steps: readonly Step[]): Record<string, unknown> {
  const setups = steps.filter(({ uses }) => uses === "./.github/actions/pulumi");
  assert.equal(setups.length, 1);
  return setups[0]?.with ?? {};
}

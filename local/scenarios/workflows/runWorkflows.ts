import { dirname, isAbsolute, join } from "node:path";

import type { Engine } from "../../cloud/engine";
import type { Tools } from "../../cloud/localCloud";
import { run } from "../../toolchain/processes";
import { stackSettings } from "../../cloud/project";
import { print, withProgress } from "../../../lib/progress";
import { clientOptions } from "../../cloud/provider/clients";
import type { Steps } from "../../report/steps";
import { checkOut } from "./checkout";
import { type FakeGitHub, startFakeGitHub } from "./fakeGitHub";
import { type WorkflowStep, workflowStep } from "./workflowStep";

const ROOT = join(__dirname, "..", "..", "..");
const STACK = "dev";
const TOKEN = "a workflow's token";
const REPOSITORY = "acme/model-build-pipeline";

interface Deployment {
  readonly permissionsBoundaryArn: string;
  readonly secretsProvider: string;
}

/** Outputs of the bootstrap program, of which the workflows' variables are set. */
interface Bootstrapped {
  readonly backendUrl: string;
  readonly deployments: Readonly<Record<string, Deployment>>;
}

/** Exit code that a step must have. */
type Expected = "failure" | "success";

/** Runs a step of a workflow, or a command of a user, in the checkout; returns its output. */
type RunScript = (expected: Expected, step: WorkflowStep) => Promise<string>;

/**
 * Runs the `run` steps of the workflows as they are in `.github/`, each in a process of its own.
 * @throws if a step does not do what it should
 */
export async function runWorkflows(
  engine: Engine,
  { command }: Tools,
  { step }: Steps,
  bootstrapped: Bootstrapped,
): Promise<void> {
  const deployment = bootstrapped.deployments[STACK];
  const { folder, withRejectedProgram } = checkOut(join(engine.folder, "checkout"), STACK, {
    permissionsBoundaryArn: deployment?.permissionsBoundaryArn,
  });
  const github = await startFakeGitHub(REPOSITORY, TOKEN);
  try {
    const env = workflowEnvironment(engine, folder, command.command, github);
    const runScript = scriptRunner(engine, folder, env);
    const { comment, deploy, login, preview } = workflowSteps(engine, bootstrapped);
    await step(
      "the Pulumi state is in the S3 bucket, its secrets are encrypted with the KMS key",
      async () => {
        await runScript("success", login);
        const script = `pulumi stack init ${STACK} --secrets-provider "$PROVIDER" --non-interactive`;
        const provider = { PROVIDER: deployment?.secretsProvider ?? "" };
        await runScript("success", { env: provider, name: "pulumi stack init", script });
      },
    );
    await withRejectedProgram(async () => {
      await step("pull request: a policy violation fails the preview, and is posted", async () => {
        await runScript("failure", preview);
        await runScript("success", comment);
        mustBe(github.changes, ["POST /issues/12/comments"]);
        mustContain(github, 1, "4 policy violations");
      });
      await step("main branch: a policy violation stops the deployment before the update", () =>
        mustNotUpdate(engine, runScript, deploy),
      );
    });
    await step("pull request: the next preview edits the comment", async () => {
      await runScript("success", preview);
      await runScript("success", comment);
      mustBe(github.changes, ["POST /issues/12/comments", "PATCH /issues/comments/1"]);
      mustContain(github, 1, "to create");
    });
    await step("main branch: the stack is deployed with the permissions boundary", async () => {
      await runScript("success", deploy);
      await runScript("success", preview);
      await runScript("success", comment);
      mustContain(github, 1, "no changes");
    });
    await runNightlySchedule(engine, github, runScript, { step });
  } finally {
    await github.stop();
  }
}

/** Passes only if the deployment fails in its preview, and creates none of its resources. */
async function mustNotUpdate(
  engine: Engine,
  runScript: RunScript,
  deploy: WorkflowStep,
): Promise<void> {
  const output = await runScript("failure", deploy);
  for (const text of ["Previewing update", "s3-bucket-public-access-block"])
    if (!output.includes(text)) throw new Error(`expected "${text}" in the output:\n${output}`);
  if (/^Updating /m.test(output)) throw new Error(`expected no update:\n${output}`);
  const { S3 } = await import("@aws-sdk/client-s3");
  const { endpoint, region } = engine.cloud;
  const s3 = new S3({ ...clientOptions(endpoint, region), forcePathStyle: true });
  const { Buckets = [] } = await s3.listBuckets();
  const names = Buckets.map(({ Name = "" }) => Name);
  if (names.includes("acme-reports")) throw new Error(`expected no new bucket: ${names.join()}`);
}

async function runNightlySchedule(
  engine: Engine,
  github: FakeGitHub,
  runScript: RunScript,
  { step }: Pick<Steps, "step">,
): Promise<void> {
  const values = { "github.token": TOKEN, "matrix.stack": STACK };
  const night = async (): Promise<string[]> => {
    const before = github.changes.length;
    for (const name of ["Compare AWS with the main branch", "Issue"])
      await runScript("success", workflowStep({ file: DRIFT, job: "drift", name }, values));
    return github.changes.slice(before);
  };
  await step("drift check: no drift opens no issue", async () => {
    mustBe(await night(), []);
  });
  await step(
    "drift check: a disabled rule opens an issue, and the next check edits it",
    async () => {
      const { EventBridge } = await import("@aws-sdk/client-eventbridge");
      const options = clientOptions(engine.cloud.endpoint, engine.cloud.region);
      await new EventBridge(options).disableRule({ Name: `mlops-churn--${STACK}--push` });
      mustBe(await night(), ["POST /issues"]);
      mustBe(await night(), ["PATCH /issues/2"]);
      mustContain(github, 2, "model-build-push-rule");
    },
  );
  await step("drift check: after the next deployment, the issue is closed", async () => {
    await runScript("success", workflowStep({ file: DEPLOY, job: STACK, name: "Deploy" }, {}));
    mustBe(await night(), ["POST /issues/2/comments", "PATCH /issues/2"]);
  });
  await step("drift check: a preview that fails leaves the issue unchanged", () =>
    mustFailTheJob(runScript),
  );
}

/** Passes only if the check of a stack that does not exist fails, so that no issue step runs. */
async function mustFailTheJob(runScript: RunScript): Promise<void> {
  const values = { "matrix.stack": "missing" };
  const name = "Compare AWS with the main branch";
  const output = await runScript(
    "failure",
    workflowStep({ file: DRIFT, job: "drift", name }, values),
  );
  if (!output.includes("no stack named 'missing' found"))
    throw new Error(`expected the error of the CLI:\n${output}`);
}

const ACTION = "actions/pulumi/action.yml";
const DEPLOY = "workflows/deploy.yml";
const DRIFT = "workflows/drift.yml";
const PULL_REQUEST = "workflows/pull-request.yml";

function workflowSteps({ cloud }: Engine, { backendUrl }: Bootstrapped) {
  const url = new URL(backendUrl);
  // A bucket of the emulator is addressed by its path.
  url.searchParams.set("s3ForcePathStyle", "true");
  const pullRequest = (name: string, values: Readonly<Record<string, string>>): WorkflowStep =>
    workflowStep(
      { file: PULL_REQUEST, job: "preview", name },
      { ...values, "matrix.stack": STACK },
    );
  return {
    comment: pullRequest("Comment", {
      "github.event.pull_request.number": "12",
      "github.token": TOKEN,
    }),
    deploy: workflowStep({ file: DEPLOY, job: STACK, name: "Deploy" }, {}),
    login: workflowStep(
      { file: ACTION, name: "Log in to the Pulumi backend" },
      { "inputs.backend": url.href, "inputs.organization": "", "inputs.region": cloud.region },
    ),
    preview: pullRequest("Preview", { "github.event.pull_request.head.sha": "1f3d5b7" }),
  };
}

function scriptRunner({ signal }: Engine, folder: string, env: NodeJS.ProcessEnv): RunScript {
  return async (expected, step) => {
    const { code, lines } = await withProgress(step.name, (onLine) =>
      // As GitHub runs a step without a shell of its own.
      run("bash", ["-e", "-c", step.script], {
        cwd: folder,
        env: { ...env, ...step.env },
        onLine,
        signal,
      }),
    );
    if ((code === 0) !== (expected === "success")) {
      const last = lines.slice(-40).join("\n");
      throw new Error(
        `${step.name}: expected ${expected}, got exit code ${String(code)}:\n${last}`,
      );
    }
    const last = lines.filter((line) => line.trim() !== "").at(-1) ?? "";
    print(`    ${step.name}: exit code ${String(code)}; ${last.trim()}`);
    return lines.join("\n");
  };
}

function workflowEnvironment(
  engine: Engine,
  folder: string,
  cli: string,
  github: FakeGitHub,
): NodeJS.ProcessEnv {
  const { cloud, environment } = engine;
  const { region, ...aws } = stackSettings(ROOT, STACK, "aws:");
  const { PULUMI_BACKEND_URL: _, ...own } = environment;
  const path = [
    join(ROOT, "local", "cloud", "languageHost", "bin"),
    ...(isAbsolute(cli) ? [dirname(cli)] : []),
    environment.PATH ?? "",
  ];
  return {
    ...process.env,
    ...own,
    PATH: path.join(":"),
    PULUMI_HOME: join(folder, "home"),
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    LOCAL_CLOUD_ENDPOINT: cloud.endpoint,
    LOCAL_CLOUD_AWS_CONFIG: JSON.stringify({ ...aws, region }),
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_RUN_ID: "1",
  };
}

function mustBe(found: readonly string[], wanted: readonly string[]): void {
  if (found.join("\n") === wanted.join("\n")) return;
  throw new Error(
    `expected GitHub API calls ${wanted.join(", ") || "none"}, got ${found.join(", ") || "none"}`,
  );
}

function mustContain({ written }: FakeGitHub, number: number, text: string): void {
  const body = written.find((one) => one.number === number)?.body ?? "";
  if (!body.includes(text))
    throw new Error(`expected "${text}" in comment or issue ${String(number)}:\n${body}`);
}

import { join } from "node:path";

import type { Engine, Tools } from "../../index";
import { clientOptions } from "../../cloud/provider/clients";
import type { Steps } from "../../report/steps";
import { checkOut } from "./checkout";
import { type FakeGitHub, startFakeGitHub } from "./fakeGitHub";
import {
  DEPLOY,
  DRIFT,
  REPOSITORY,
  type RunScript,
  STACK,
  TOKEN,
  scriptRunner,
  workflowEnvironment,
  workflowSteps,
} from "./runner";
import { type WorkflowStep, workflowStep } from "./workflowStep";

interface Deployment {
  readonly permissionsBoundaryArn: string;
  readonly secretsProvider: string;
}

/** Outputs of the bootstrap program, of which the workflows' variables are set. */
interface Bootstrapped {
  readonly backendUrl: string;
  readonly deployments: Readonly<Record<string, Deployment>>;
}

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
    const { comment, deploy, login, preview } = workflowSteps(engine, bootstrapped.backendUrl);
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

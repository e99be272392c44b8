import { mkdirSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

import type { Engine } from "../engine";
import type { Tools } from "../localCloud";
import { run } from "../processes";
import { copyProject, stackSettings } from "../project";
import { say, withProgress } from "../progress";
import { clientOptions } from "../provider/clients";
import type { Steps } from "../steps";
import { type FakeGitHub, startFakeGitHub } from "./fakeGitHub";

const ROOT = join(__dirname, "..", "..");
const STACK = "dev";
const TOKEN = "a workflow's token";
const REPOSITORY = "acme/model-build-pipeline";

/** What the bootstrap program made, as a workflow's variables have it. */
interface Made {
  readonly backendUrl: string;
  readonly deployments: Readonly<Record<string, { readonly permissionsBoundaryArn: string }>>;
  readonly secretsProvider: string;
}

/** Runs the commands of the workflows as they stand there, each as a process of its own; throws if one does not what it should. */
export async function playWorkflows(
  engine: Engine,
  { command }: Tools,
  { step }: Steps,
  made: Made,
): Promise<void> {
  const folder = join(engine.folder, "workflows");
  mkdirSync(folder);
  copyProject(ROOT, STACK, folder, {
    permissionsBoundaryArn: made.deployments[STACK]?.permissionsBoundaryArn,
  });
  const github = await startFakeGitHub(REPOSITORY, TOKEN);
  try {
    const play = player(
      engine,
      folder,
      workflowEnvironment(engine, folder, command.command, github, made),
    );
    await step(
      "the Pulumi state is in the S3 bucket, its secrets are encrypted with the KMS key",
      async () => {
        await play(0, ["state:login"]);
        await play.pulumi("stack", "init", STACK, "--secrets-provider", made.secretsProvider);
      },
    );
    const preview = [
      "preview",
      "--stack",
      STACK,
      "--cwd",
      folder,
      "--comment",
      join(folder, "comment.md"),
    ];
    const comment = [
      "comment",
      "--pull-request",
      "12",
      "--key",
      `preview-${STACK}`,
      "--file",
      join(folder, "comment.md"),
    ];
    await step("pull request: the preview is posted as a comment", async () => {
      await play(0, preview);
      await play(0, comment);
      mustBe(github.changes, ["POST /issues/12/comments"]);
    });
    await step("main branch: the stack is deployed with the permissions boundary", () =>
      play(0, ["deploy", "--stack", STACK, "--cwd", folder]),
    );
    await step("pull request: the next preview edits the comment to no changes", async () => {
      await play(0, preview);
      await play(0, comment);
      mustBe(github.changes, ["POST /issues/12/comments", "PATCH /issues/comments/1"]);
      mustSay(github, 1, "no changes");
    });
    await playNights(engine, folder, github, play, { step });
  } finally {
    await github.stop();
  }
}

async function playNights(
  engine: Engine,
  folder: string,
  github: FakeGitHub,
  play: Play,
  { step }: Pick<Steps, "step">,
): Promise<void> {
  const report = join(folder, "drift.md");
  const drift = ["drift", "--stack", STACK, "--cwd", folder, "--report", report];
  const issue = ["issue", "--key", "drift", "--title", "Drift detected", "--file", report];
  await step("drift check: no drift opens no issue", async () => {
    await play(0, drift);
    await play(0, issue);
    mustBe(github.changes.slice(2), []);
  });
  await step(
    "drift check: a disabled rule opens an issue, and the next check edits it",
    async () => {
      const { EventBridge } = await import("@aws-sdk/client-eventbridge");
      const options = clientOptions(engine.cloud.endpoint, engine.cloud.region);
      await new EventBridge(options).disableRule({ Name: `mlops-churn--${STACK}--push` });
      for (const _ of ["first", "second"]) {
        await play(3, drift);
        await play(0, issue);
      }
      mustBe(github.changes.slice(2), ["POST /issues", "PATCH /issues/2"]);
      mustSay(github, 2, "model-build-push-rule");
    },
  );
  await step("drift check: after the next deployment, the issue is closed", async () => {
    await play(0, ["deploy", "--stack", STACK, "--cwd", folder]);
    await play(0, drift);
    await play(0, issue);
    mustBe(github.changes.slice(4), ["POST /issues/2/comments", "PATCH /issues/2"]);
  });
}

/** `npm run` of a command, which must end with the given exit code; and the Pulumi CLI, as a person has it. */
interface Play {
  (code: number, script: readonly string[]): Promise<void>;
  readonly pulumi: (...args: string[]) => Promise<void>;
}

function player({ signal }: Engine, folder: string, env: NodeJS.ProcessEnv): Play {
  const must = async (
    wanted: number,
    title: string,
    command: string,
    args: string[],
    cwd: string,
  ) => {
    const { code, lines } = await withProgress(title, (onLine) =>
      run(command, args, { cwd, env, onLine, signal }),
    );
    if (code !== wanted) {
      const said = lines.slice(-40).join("\n");
      throw new Error(
        `${title}: expected exit code ${String(wanted)}, got ${String(code)}:\n${said}`,
      );
    }
    say(`    ${title}: ${lines.filter((line) => line.trim() !== "").at(-1) ?? ""}`);
  };
  const play = (wanted: number, [script = "", ...args]: readonly string[]) =>
    must(wanted, `npm run ${script}`, "npm", ["run", "--silent", script, "--", ...args], ROOT);
  const pulumi = (...args: string[]) =>
    must(
      0,
      `pulumi ${args.slice(0, 2).join(" ")}`,
      "pulumi",
      [...args, "--non-interactive"],
      folder,
    );
  return Object.assign(play, { pulumi });
}

function workflowEnvironment(
  engine: Engine,
  folder: string,
  cli: string,
  github: FakeGitHub,
  { backendUrl }: Made,
): NodeJS.ProcessEnv {
  const { cloud, environment } = engine;
  const { region, ...aws } = stackSettings(ROOT, STACK, "aws:");
  const url = new URL(backendUrl);
  // A bucket of the emulator is addressed by its path.
  url.searchParams.set("s3ForcePathStyle", "true");
  const { PULUMI_BACKEND_URL: _, ...own } = environment;
  return {
    ...process.env,
    ...own,
    PATH: [...(isAbsolute(cli) ? [dirname(cli)] : []), environment.PATH ?? ""].join(":"),
    PULUMI_HOME: join(folder, "home"),
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    BACKEND: url.href,
    LOCAL_CLOUD_ENDPOINT: cloud.endpoint,
    LOCAL_CLOUD_AWS_CONFIG: JSON.stringify({ ...aws, region }),
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_RUN_ID: "1",
    GITHUB_TOKEN: TOKEN,
  };
}

function mustBe(found: readonly string[], wanted: readonly string[]): void {
  if (found.join("\n") === wanted.join("\n")) return;
  throw new Error(
    `expected GitHub API calls ${wanted.join(", ") || "none"}, got ${found.join(", ") || "none"}`,
  );
}

function mustSay({ written }: FakeGitHub, number: number, text: string): void {
  const body = written.find((one) => one.number === number)?.body ?? "";
  if (!body.includes(text))
    throw new Error(`expected "${text}" in comment or issue ${String(number)}:\n${body}`);
}

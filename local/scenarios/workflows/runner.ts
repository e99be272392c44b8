import { dirname, isAbsolute, join } from "node:path";

import type { Engine } from "../../cloud/engine";
import { run } from "../../toolchain/processes";
import { stackSettings } from "../../cloud/project";
import { print, withProgress } from "../../../lib/progress";
import type { FakeGitHub } from "./fakeGitHub";
import { type WorkflowStep, workflowStep } from "./workflowStep";

const ROOT = join(__dirname, "..", "..", "..");

export const STACK = "dev";
export const TOKEN = "a workflow's token";
export const REPOSITORY = "acme/model-build-pipeline";

/** Exit code that a step must have. */
type Expected = "failure" | "success";

/** Runs a step of a workflow, or a command of a user, in the checkout; returns its output. */
export type RunScript = (expected: Expected, step: WorkflowStep) => Promise<string>;

const ACTION = "actions/pulumi/action.yml";
export const DEPLOY = "workflows/deploy.yml";
export const DRIFT = "workflows/drift.yml";
const PULL_REQUEST = "workflows/pull-request.yml";

/** Steps of the workflow files, with the values that GitHub would set. */
export function workflowSteps({ cloud }: Engine, backendUrl: string) {
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

/** Runs scripts in `folder`; shows the last line of each. */
export function scriptRunner(
  { signal }: Engine,
  folder: string,
  env: NodeJS.ProcessEnv,
): RunScript {
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

/** Environment of a step on a runner, with the local cloud in place of AWS. */
export function workflowEnvironment(
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

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

import type { Project } from "@aws-sdk/client-codebuild";
import { unzipSync } from "fflate";

import { cacheFolder } from "../../prepare/cache";
import { run } from "../../processes";
import { withProgress } from "../../progress";
import { judged, owners } from "../clients";
import type { Credentials, Stage } from "../contract";
import { type Connection, connected } from "../network/connected";
import { buildEnvironment, emulatorVariables, machineSettings } from "./buildEnvironment";
import { openLog } from "./buildLog";
import { buildScript, MARK } from "./buildScript";
import { type Buildspec, readBuildspec } from "./buildspec";

/** What CodePipeline tells CodeBuild. */
export interface BuildOrder {
  readonly projectName: string;
  readonly buildId: string;
  readonly commitId: string;
  readonly initiator: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly source: { readonly bucket: string; readonly key: string };
  /** Python that stands for the image's. */
  readonly python: string;
}

/** How a build ended. */
export interface BuildResult {
  /** Phase, command and exit status that failed, in CodeBuild's words; left out if nothing did. */
  readonly failure?: string;
  readonly lines: readonly string[];
}

/** Runs a CodeBuild project's buildspec as a subprocess in a scratch folder, under the project's role. */
export async function playBuild(order: BuildOrder, stage: Stage): Promise<BuildResult> {
  const project = await projectOf(order.projectName, stage);
  const credentials = await stage.gateway.assume(text(project.serviceRole, "service role"), {
    service: "codebuild.amazonaws.com",
    sourceArn: text(project.arn, "ARN"),
  });
  const folder = join(stage.scratch, "builds", order.buildId.replaceAll(":", "-"));
  const source = join(folder, "src");
  await unpackSource(order, stage, credentials, source);
  const buildspec = readFrom(source, project.source?.buildspec ?? "buildspec.yml");
  const log = await openLog(project, order.buildId, stage, credentials);

  const python = await freshPython(order.python, join(folder, "python"), stage.signal);
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const emulator = emulatorVariables({
    cache: cacheFolder(),
    credentials,
    endpoint: stage.gateway.endpoint,
    home,
    python,
  });
  const env = buildEnvironment(
    {
      action: order.variables,
      buildspec: buildspec.variables,
      codebuild: told(project, order, stage, source),
      machine: machineSettings(),
      project: variablesOf(project),
    },
    emulator,
  );
  const timeoutMinutes = project.timeoutInMinutes ?? 60;
  const result = await connected(networkOf(project), { credentials, stage }, () =>
    runBuild(buildspec, { cwd: source, env, folder, timeoutMinutes }, stage.signal),
  );
  await log(result.lines);
  return result;
}

function networkOf({ vpcConfig }: Project): Connection | undefined {
  if (vpcConfig?.vpcId === undefined) return undefined;
  const { securityGroupIds = [], subnets = [] } = vpcConfig;
  return { securityGroupIds, service: "codebuild.amazonaws.com", subnetIds: subnets };
}

async function projectOf(name: string, stage: Stage): Promise<Project> {
  const { projects = [] } = await (
    await owners(stage).codebuild()
  ).batchGetProjects({
    names: [name],
  });
  const [project] = projects;
  if (project === undefined) throw new Error(`there is no CodeBuild project ${name}`);
  return project;
}

/** CodeBuild fetches its input with the project's role, not with the pipeline's. */
async function unpackSource(
  { source: { bucket: Bucket, key: Key } }: BuildOrder,
  stage: Stage,
  credentials: Credentials,
  folder: string,
): Promise<void> {
  const { Body } = await (await judged(stage, credentials).s3()).getObject({ Bucket, Key });
  const bytes = await Body?.transformToByteArray();
  if (bytes === undefined) throw new Error(`the source artifact ${Key} is empty`);
  for (const [name, content] of Object.entries(unzipSync(bytes))) {
    // Whatever the archive says, nothing is written outside of the folder.
    const file = join(folder, posix.normalize(`/${name}`));
    mkdirSync(dirname(file), { recursive: true });
    // As in CodePipeline's own archives, no executable bit survives.
    writeFileSync(file, content);
  }
}

function readFrom(source: string, name: string): Buildspec {
  const file = join(source, name);
  if (existsSync(file)) return readBuildspec(readFileSync(file, "utf8"), name);
  throw new Error(
    `the repository has no ${name}, which the CodeBuild project names as its buildspec`,
  );
}

/** What CodeBuild tells a build that a CodePipeline started. */
function told(
  { arn = "" }: Project,
  { buildId, commitId, initiator, source }: BuildOrder,
  { region }: Stage,
  folder: string,
): Record<string, string> {
  return {
    AWS_DEFAULT_REGION: region,
    AWS_REGION: region,
    CODEBUILD_BUILD_ARN: `${arn.replace(/:project\/.*/, "")}:build/${buildId}`,
    CODEBUILD_BUILD_ID: buildId,
    CODEBUILD_CI: "true",
    CODEBUILD_INITIATOR: initiator,
    CODEBUILD_RESOLVED_SOURCE_VERSION: commitId,
    CODEBUILD_SOURCE_VERSION: `arn:aws:s3:::${source.bucket}/${source.key}`,
    CODEBUILD_SRC_DIR: folder,
  };
}

function variablesOf({ environment, name = "" }: Project): Record<string, string> {
  const variables = environment?.environmentVariables ?? [];
  const other = variables.find(({ type = "PLAINTEXT" }) => type !== "PLAINTEXT");
  if (other !== undefined) {
    throw new Error(
      `${name}: variable ${text(other.name, "name")} is no plain text, which alone is rehearsed`,
    );
  }
  return Object.fromEntries(variables.map(({ name = "", value = "" }) => [name, value]));
}

/** A Python that has nothing installed, as in a new container; returns the folder of its commands. */
async function freshPython(python: string, folder: string, signal: AbortSignal): Promise<string> {
  const { code, lines } = await run(python, ["-m", "venv", folder], { signal });
  if (code !== 0) throw new Error(`no Python for the build:\n${lines.slice(-10).join("\n")}`);
  return join(folder, "bin");
}

const FAILED = "Build terminated with state: FAILED.";

interface Place {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly folder: string;
  readonly timeoutMinutes: number;
}

async function runBuild(
  buildspec: Buildspec,
  { cwd, env, folder, timeoutMinutes }: Place,
  signal: AbortSignal,
): Promise<BuildResult> {
  const script = join(folder, "build.sh");
  writeFileSync(script, buildScript(buildspec));
  const limit = AbortSignal.timeout(timeoutMinutes * 60_000);
  const lines: string[] = [];
  let command = "";
  let failure: string | undefined;
  try {
    const { code } = await withProgress("building", (report) =>
      run(buildspec.shell, [script], {
        cwd,
        env,
        signal: AbortSignal.any([signal, limit]),
        onLine: (line) => {
          const told = line.startsWith(MARK) ? line.slice(MARK.length) : undefined;
          lines.push(told === undefined ? line : `[Container] ${told}`);
          report(told ?? line);
          if (told?.startsWith("command ")) command = told.slice("command ".length);
          if (told?.startsWith("failed ")) failure ??= told.slice("failed ".length);
        },
      }),
    );
    if (code === 0) return { lines };
    // A command that leaves the shell leaves no word of its failure either.
    const left = `Error while executing command: ${command}. Reason: exit status ${code.toString()}`;
    return { failure: `${FAILED} ${failure ?? left}`, lines };
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error;
    return { failure: `Build timed out after ${timeoutMinutes.toString()} minutes.`, lines };
  }
}

function text(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`the CodeBuild project has no ${what}`);
  return value;
}

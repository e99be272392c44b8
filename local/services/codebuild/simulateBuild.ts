import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Project } from "@aws-sdk/client-codebuild";

import { cacheFolder } from "../../toolchain/cache";
import { authorizedClients, ownerClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import { reasonOf } from "../../iam/decide";
import { type Connection, connected } from "../network/connected";
import { buildEnvironment, emulatorVariables, machineSettings } from "./buildEnvironment";
import { type ArtifactPlace, fetchInput, unpack } from "./buildInput";
import { openLog } from "./buildLog";
import { publishBuild } from "./buildMetrics";
import { freshPython } from "./buildPython";
import { type Buildspec, readBuildspec } from "./buildspec";
import { clone } from "./clone";
import { runtimeProblem, runtimesOf } from "./imageRuntimes";
import { offlineSettings } from "./offline";
import { type Put, putOutputs } from "./outputArtifacts";
import { readReferences } from "./references";
import { reportWarnings } from "./reports";
import { type Ran, runBuild } from "./runBuild";
import { simulatedTimeSettings } from "../simulatedTime";
import { untilStopped } from "./stopBuild";
import { type BuildFacts, buildVariables, variablesOf } from "./buildVariables";

/** What CodePipeline, or the start of a build, tells CodeBuild. */
export interface BuildOrder extends BuildFacts {
  readonly projectName: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Further input artifacts, by name. */
  readonly inputs: ReadonlyMap<string, ArtifactPlace>;
  /** Where each output artifact is to lie, by name. */
  readonly outputs: ReadonlyMap<string, ArtifactPlace>;
  /** Whether output artifacts are archives. @default "ZIP" */
  readonly packaging?: "NONE" | "ZIP" | undefined;
  /** The pipeline's key for artifacts, if the project names none. */
  readonly keyId?: string | undefined;
  /** Logs to the timeline what has no effect in the local cloud. */
  readonly note: (line: string) => void;
  /** Whether the build reaches nothing but AWS. */
  readonly isOffline?: boolean | undefined;
  /** Whether its Python waits in simulated time. */
  readonly isTimeSimulated?: boolean | undefined;
  /** Python that stands for the image's. */
  readonly python: string;
}

/** How a build ended. */
export interface BuildResult {
  /** Phase, command and exit status that failed, in CodeBuild's words; left out if nothing did. */
  readonly failure?: string;
  /** Values of the exported variables. */
  readonly exported: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/** Runs a CodeBuild project's buildspec as a subprocess in a scratch folder, under the project's role. */
export async function simulateBuild(order: BuildOrder, context: AwsContext): Promise<BuildResult> {
  const project = await projectOf(order.projectName, context);
  const credentials = await context.proxy.assume(text(project.serviceRole, "service role"), {
    service: "codebuild.amazonaws.com",
    sourceArn: text(project.arn, "ARN"),
  });
  const folder = join(context.scratch, "builds", order.buildId.replaceAll(":", "-"));
  const source = join(folder, "src");
  if ("bucket" in order.source)
    unpack(await fetchInput(order.source, context, credentials), source);
  else await clone(order.source, source, context, credentials);
  const buildspec = readFrom(source, project.source?.buildspec ?? "buildspec.yml");
  const secondary = await unpackInputs(order, context, credentials, folder);
  const log = await openLog(project, order.buildId, context, credentials);
  const references = await readReferences(project, context, credentials).catch(reasonOf);
  if (typeof references === "string") {
    await log([references]);
    await publishBuild(order.projectName, false, context);
    return { exported: {}, failure: worded(references), lines: [references] };
  }
  const env = buildEnvironment(
    {
      action: order.variables,
      buildspec: buildspec.variables,
      codebuild: { ...buildVariables(project, order, context, source), ...secondary },
      machine: machineSettings(),
      project: { ...variablesOf(project), ...references },
    },
    await emulation(order, context, credentials, folder),
  );
  const place = {
    cwd: source,
    env,
    folder,
    hidden: Object.values(references),
    timeoutMinutes: project.timeoutInMinutes ?? 60,
  };
  for (const line of [
    ...buildspec.warnings,
    ...(await reportWarnings(buildspec, order.projectName, credentials, context)),
  ])
    order.note(line);
  const ran =
    withoutRuntime(buildspec, project, order.note) ??
    (await connected(networkOf(project), { credentials, context }, () =>
      untilStopped(order.buildId, context, (stopped) =>
        runBuild(buildspec, place, context.signal, stopped),
      ),
    ));
  const put = await putAs(project.encryptionKey ?? order.keyId, context, credentials);
  const notPut = ran.uploads
    ? await putOutputs(buildspec, source, order.outputs, put, order.packaging)
    : undefined;
  const failure = ran.failure ?? notPut;
  await log(ran.failure === undefined && notPut !== undefined ? [...ran.lines, notPut] : ran.lines);
  await publishBuild(order.projectName, failure === undefined, context);
  const { exported, lines } = ran;
  return failure === undefined
    ? { exported, lines }
    : { exported, failure: worded(failure), lines };
}

/** The end of a build whose image lacks a runtime of the buildspec: before its first command. */
function withoutRuntime(
  { name, runtimes }: Buildspec,
  { environment }: Project,
  note: BuildOrder["note"],
): Ran | undefined {
  if (Object.keys(runtimes).length === 0) return undefined;
  const image = text(environment?.image, "image");
  const available = runtimesOf(image);
  if (available === undefined) {
    note(`${name}: runtime-versions: not checked, the runtimes of ${image} are not known`);
    return undefined;
  }
  const problem = runtimeProblem(runtimes, available);
  if (problem === undefined) return undefined;
  const failure = `Phase: DOWNLOAD_SOURCE, Code: YAML_FILE_ERROR, Message: ${problem}`;
  const next = `Next: request another version in ${name}, or set build.image (of a deployment, deploy.build.image), now ${image}.`;
  return { exported: {}, failure, lines: [failure, next], uploads: false };
}

function worded(failure: string): string {
  return failure.startsWith("Build ") ? failure : `Build terminated with state: FAILED. ${failure}`;
}

async function emulation(
  { isOffline = false, isTimeSimulated = false, python: image }: BuildOrder,
  { proxy: { endpoint }, signal }: AwsContext,
  credentials: Credentials,
  folder: string,
): Promise<Record<string, string>> {
  const python = await freshPython(image, join(folder, "python"), signal);
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const cache = isOffline ? home : cacheFolder();
  return {
    ...emulatorVariables({ cache, credentials, endpoint, home, python }),
    ...(isTimeSimulated ? simulatedTimeSettings : {}),
    ...(isOffline ? await offlineSettings(join(python, "python"), signal) : {}),
  };
}

/** Each further input artifact lies in a folder of its own, of which a variable tells. */
async function unpackInputs(
  { inputs }: BuildOrder,
  context: AwsContext,
  credentials: Credentials,
  folder: string,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [name, place] of inputs) {
    const own = join(folder, `src-${name}`);
    unpack(await fetchInput(place, context, credentials), own);
    variables[`CODEBUILD_SRC_DIR_${name}`] = own;
  }
  return variables;
}

async function putAs(
  key: string | undefined,
  context: AwsContext,
  credentials: Credentials,
): Promise<Put> {
  const s3 = await authorizedClients(context, credentials).s3();
  // AWS's own key for S3 is what a bucket takes if nothing is said.
  const isOwn = key !== undefined && !key.endsWith("alias/aws/s3");
  const encryption = isOwn ? ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: key } as const) : {};
  return async ({ bucket: Bucket, key: Key }, Body) => {
    await s3.putObject({ Bucket, Key, Body, ...encryption });
  };
}

function networkOf({ vpcConfig }: Project): Connection | undefined {
  if (vpcConfig?.vpcId === undefined) return undefined;
  const { securityGroupIds = [], subnets = [] } = vpcConfig;
  return { securityGroupIds, service: "codebuild.amazonaws.com", subnetIds: subnets };
}

async function projectOf(name: string, context: AwsContext): Promise<Project> {
  const codebuild = await ownerClients(context).codebuild();
  const [project] = (await codebuild.batchGetProjects({ names: [name] })).projects ?? [];
  if (project === undefined) throw new Error(`the CodeBuild project ${name} does not exist`);
  return project;
}

function readFrom(folder: string, name: string): Buildspec {
  const file = join(folder, name);
  if (existsSync(file)) return readBuildspec(readFileSync(file, "utf8"), name);
  throw new Error(`the repository has no ${name}, the buildspec of the CodeBuild project`);
}

function text(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`the CodeBuild project has no ${what}`);
  return value;
}

import { randomBytes, randomUUID } from "node:crypto";

import type {
  ActionDeclaration,
  ActionTypeId,
  ArtifactStore,
  PipelineDeclaration,
} from "@aws-sdk/client-codepipeline";
import { z } from "zod";

import { playBuild } from "../build/playBuild";
import { judged, owners } from "../clients";
import type { Credentials, Stage } from "../contract";
import { archiveOf, filesAt, type Outside } from "./sourceFiles";

/** One run of a CodePipeline that is to be played. */
export interface DeliveryOrder {
  readonly pipelineName: string;
  readonly executionId: string;
  /** The commit that the trigger pinned; the branch's head if it pinned none. */
  readonly commitId?: string | undefined;
  /** Python that stands for the build image's. */
  readonly python: string;
  /** The code of a repository outside AWS. */
  readonly outside?: Outside | undefined;
}

/** How a run of a CodePipeline ended. */
export interface DeliveryRun {
  readonly pipelineArn: string;
  readonly executionId: string;
  readonly commitId: string;
  readonly pipelineVersion: number;
  readonly startTime: string;
  /** Set if an action failed. */
  readonly failure?: FailedAction;
  /** What the builds printed. */
  readonly lines: readonly string[];
}

/** An action that failed, and what the service behind it says. */
interface FailedAction {
  readonly stage: string;
  readonly action: string;
  readonly type: ActionTypeId;
  readonly reason: string;
  /** The build that failed; left out if none was started. */
  readonly build?: Build | undefined;
}

interface Build {
  readonly id: string;
  /** Where CodeBuild shows more. */
  readonly url: string;
}

interface Playing extends DeliveryOrder {
  readonly pipelineArn: string;
  readonly credentials: Credentials;
  readonly store: ArtifactStore;
  readonly stage: Stage;
  /** Where each artifact lies, by name. */
  readonly artifacts: Map<string, { bucket: string; key: string }>;
}

/** Reads the deployed pipeline back and plays its stages in order, under the pipeline's role. */
export async function playDelivery(order: DeliveryOrder, stage: Stage): Promise<DeliveryRun> {
  const { pipeline, pipelineArn } = await deployed(order.pipelineName, stage);
  const by = { service: "codepipeline.amazonaws.com", sourceArn: pipelineArn };
  const credentials = await stage.gateway.assume(given(pipeline.roleArn, "role"), by);
  const store = given(pipeline.artifactStore, "artifact store");
  const artifacts = new Map<string, { bucket: string; key: string }>();
  const playing: Playing = { ...order, artifacts, credentials, pipelineArn, stage, store };
  const facts = {
    executionId: order.executionId,
    pipelineArn,
    pipelineVersion: pipeline.version ?? 1,
    startTime: new Date().toISOString(),
  };
  let commitId = "";
  const lines: string[] = [];

  for (const { actions = [], name: stageName = "" } of pipeline.stages ?? []) {
    for (const action of actions) {
      const played = await playAction(action, commitId, playing);
      commitId = played.commitId ?? commitId;
      lines.push(...(played.lines ?? []));
      if (played.failure === undefined) continue;
      const type = given(action.actionTypeId, "action type");
      const failure = {
        action: action.name ?? "",
        build: played.build,
        reason: played.failure,
        stage: stageName,
        type,
      };
      return { ...facts, commitId, failure, lines };
    }
  }
  return { ...facts, commitId, lines };
}

/** What an action left behind. */
interface Played {
  readonly commitId?: string;
  readonly failure?: string | undefined;
  readonly build?: Build;
  readonly lines?: readonly string[];
}

/** What AWS refuses fails the action, not the rehearsal: that is for the judge and the scenario to say. */
async function playAction(
  action: ActionDeclaration,
  commitId: string,
  playing: Playing,
): Promise<Played> {
  const { category, provider } = given(action.actionTypeId, "action type");
  try {
    if (category === "Source")
      return { commitId: await playSource(action, provider ?? "", playing) };
    if (provider === "CodeBuild") return await playBuildAction(action, commitId, playing);
  } catch (error) {
    if (error instanceof Error && "$fault" in error) return { failure: error.message };
    throw error;
  }
  throw new Error(`action ${action.name ?? ""}: no player for ${provider ?? "its provider"}`);
}

async function deployed(
  name: string,
  stage: Stage,
): Promise<{ pipeline: PipelineDeclaration; pipelineArn: string }> {
  const { metadata, pipeline } = await (await owners(stage).codepipeline()).getPipeline({ name });
  return { pipeline: given(pipeline, name), pipelineArn: given(metadata?.pipelineArn, "ARN") };
}

/** Returns the commit whose files now lie in the bucket as the action's output artifact. */
async function playSource(
  action: ActionDeclaration,
  provider: string,
  playing: Playing,
): Promise<string> {
  const { commitId, files } =
    provider === "CodeCommit"
      ? await fromCodeCommit(action, playing)
      : await fromConnection(action, playing);
  const { bucket, key, kmsKey } = artifactPlace(action, playing);
  const s3 = await judged(playing.stage, playing.credentials).s3();
  await s3.putObject({
    Bucket: bucket,
    Key: key,
    Body: archiveOf(files),
    ...(kmsKey === undefined ? {} : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey }),
  });
  playing.artifacts.set(action.outputArtifacts?.[0]?.name ?? "", { bucket, key });
  return commitId;
}

async function fromCodeCommit(
  { configuration = {} }: ActionDeclaration,
  playing: Playing,
): Promise<Outside> {
  const { credentials, stage } = playing;
  const repositoryName = given(configuration.RepositoryName, "RepositoryName");
  const codecommit = await judged(stage, credentials).codecommit();
  const branchName = given(configuration.BranchName, "BranchName");
  const { branch } = await codecommit.getBranch({ repositoryName, branchName });
  const commitId = playing.commitId ?? given(branch?.commitId, "commit");
  await codecommit.getCommit({ repositoryName, commitId });
  // CodeCommit packs the files itself: permissions that no public call needs.
  const { accountId, partition, region } = stage;
  const resource = `arn:${partition}:codecommit:${region}:${accountId}:${repositoryName}`;
  for (const action of ["codecommit:UploadArchive", "codecommit:GetUploadArchiveStatus"]) {
    await stage.gateway.require(credentials, { action, resource });
  }
  return { commitId, files: await filesAt(repositoryName, commitId, stage) };
}

async function fromConnection(
  { actionTypeId, configuration = {}, name = "" }: ActionDeclaration,
  { credentials, outside, stage }: Playing,
): Promise<Outside> {
  if (actionTypeId?.provider !== "CodeStarSourceConnection" || outside === undefined) {
    throw new Error(`action ${name}: no player for a source by ${actionTypeId?.provider ?? ""}`);
  }
  const resource = given(configuration.ConnectionArn, "ConnectionArn");
  const service = given(resource.split(":")[2], "service");
  const repository = given(configuration.FullRepositoryId, "FullRepositoryId");
  const context = { [`${service}:FullRepositoryId`]: repository };
  await stage.gateway.require(credentials, {
    action: `${service}:UseConnection`,
    resource,
    context,
  });
  return outside;
}

/** CodePipeline's own layout of keys: each artifact under a new one, so that none is ever overwritten. */
function artifactPlace({ outputArtifacts }: ActionDeclaration, playing: Playing) {
  const { location, encryptionKey } = playing.store;
  const artifact = given(outputArtifacts?.[0]?.name, "output artifact");
  const random = randomBytes(6).toString("base64url").slice(0, 7);
  const key = `${playing.pipelineName.slice(0, 20)}/${artifact.slice(0, 10)}/${random}.zip`;
  return { bucket: given(location, "bucket"), key, kmsKey: encryptionKey?.id };
}

// Of the other types this machine knows no value.
const plain = z.literal("PLAINTEXT").default("PLAINTEXT");
const variablesShape = z.array(
  z.strictObject({ name: z.string(), type: plain, value: z.string() }),
);

async function playBuildAction(
  { configuration = {}, inputArtifacts = [] }: ActionDeclaration,
  commitId: string,
  playing: Playing,
): Promise<Played> {
  const { credentials, executionId, pipelineName, python, stage } = playing;
  const projectName = given(configuration.ProjectName, "ProjectName");
  const source = given(playing.artifacts.get(inputArtifacts[0]?.name ?? ""), "input artifact");
  const json = (configuration.EnvironmentVariables ?? "[]").replaceAll(
    "#{codepipeline.PipelineExecutionId}",
    executionId,
  );
  const unknown = /#\{[^}]*\}/.exec(json)?.[0];
  if (unknown !== undefined) throw new Error(`no value for ${unknown} in EnvironmentVariables`);
  const environmentVariablesOverride = variablesShape.parse(JSON.parse(json));

  const codebuild = await judged(stage, credentials).codebuild();
  const started = await codebuild.startBuild({ projectName, environmentVariablesOverride });
  const buildId = started.build?.id ?? `${projectName}:${randomUUID()}`;
  const variables = environmentVariablesOverride.map(({ name, value }) => [name, value]);
  const result = await playBuild(
    {
      buildId,
      commitId,
      initiator: `codepipeline/${pipelineName}`,
      projectName,
      python,
      source,
      variables: z.record(z.string(), z.string()).parse(Object.fromEntries(variables)),
    },
    stage,
  );
  await codebuild.batchGetBuilds({ ids: [buildId] });
  const console = `https://console.aws.amazon.com/codebuild/home?region=${stage.region}`;
  return { ...result, build: { id: buildId, url: `${console}#/builds/${buildId}/view/new` } };
}

function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the deployed pipeline names no ${what}`);
  return value;
}

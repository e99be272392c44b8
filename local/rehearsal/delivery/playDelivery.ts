import type {
  ActionDeclaration,
  ActionTypeId,
  PipelineDeclaration,
} from "@aws-sdk/client-codepipeline";

import { owners } from "../clients";
import type { Stage } from "../contract";
import { playBuildAction } from "./buildAction";
import { type Build, type DeliveryOrder, type Played, type Playing, given } from "./playing";
import { playSource } from "./sourceAction";

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

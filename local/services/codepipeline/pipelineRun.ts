import type { ArtifactStore } from "@aws-sdk/client-codepipeline";
import type { ArtifactPlace } from "../codebuild/buildInput";
import type { Credentials, AwsContext } from "../../iam/contract";
import type { ServiceEvent } from "../eventbridge/serviceEvent";
import type { Timeline } from "../timeline";
import type { Approver } from "./approval";
import type { Outside } from "./sourceFiles";
import type { ActionShape, StageShape } from "./structure";
import { randomBytes } from "node:crypto";

/** One run of a CodePipeline that is to be simulated. */
export interface DeliveryOrder {
  readonly pipelineName: string;
  readonly executionId: string;
  /** The commit that the trigger pinned; the branch's head if it pinned none. */
  readonly commitId?: string | undefined;
  /** Python that stands for the build image's. */
  readonly python: string;
  /** Whether its builds reach nothing but AWS. */
  readonly isOffline?: boolean | undefined;
  /** Whether the Python of its builds waits in simulated time. */
  readonly isTimeSimulated?: boolean | undefined;
  /** The code of a repository outside AWS. */
  readonly outside?: Outside | undefined;
  /** Who decides on approvals. */
  readonly approver?: Approver | undefined;
  /** Set if the run is an automatic rollback of one stage. */
  readonly rollback?: Rollback | undefined;
  /** Logs to the timeline of the end-to-end run. */
  readonly note: Timeline["note"];
  /** Hands an event to EventBridge. */
  readonly send: (event: ServiceEvent) => Promise<unknown>;
  /** Is awaited before a run of execution mode QUEUED enters a stage. */
  readonly onStage?: ((stage: StageShape) => Promise<void>) | undefined;
}

/** Stage that rolls back, its target execution and the failed execution. */
export interface Rollback {
  readonly stageName: string;
  readonly targetExecutionId: string;
  readonly failedExecutionId: string;
}

/** A build that CodePipeline started. */
export interface Build {
  readonly id: string;
  /** Where CodeBuild shows more. */
  readonly url: string;
}

/** Outputs of the run's actions so far, for later actions. */
export interface Made {
  /** Where each artifact lies, by name. */
  readonly artifacts: Map<string, ArtifactPlace>;
  /** Output variables, by namespace. */
  readonly namespaces: Map<string, Readonly<Record<string, string>>>;
  /** Commit that the source took; empty before. */
  commitId: string;
}

/** One run of a CodePipeline while it is simulated. */
export interface PipelineRun extends DeliveryOrder {
  readonly pipelineArn: string;
  /** The stage that is retried; its actions that succeeded are not repeated unless that was asked for. */
  readonly retriedStage?: string | undefined;
  readonly credentials: Credentials;
  readonly store: ArtifactStore;
  readonly context: AwsContext;
  /** The pipeline's own variables, resolved. */
  readonly variables: Readonly<Record<string, string>>;
  readonly made: Made;
}

/** An action with its configuration resolved, and its place. */
export interface ActionCall extends ActionShape {
  readonly stageName: string;
  readonly token?: string | undefined;
  /** Tells whether the run was stopped meanwhile. */
  readonly isStopped: () => Promise<boolean>;
}

/** Result of an action. */
export interface ActionResult {
  readonly failure?: string | undefined;
  readonly build?: Build;
  /** What the service says of an action that succeeded. */
  readonly summary?: string | undefined;
  readonly outputVariables?: Readonly<Record<string, string>>;
  readonly lines?: readonly string[];
}

/** What the deployed pipeline must name. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the deployed pipeline has no ${what}`);
  return value;
}

/** CodePipeline's own layout of keys: each artifact under a new one, so that none is ever overwritten. */
export function newPlace(artifact: string, { pipelineName, store }: PipelineRun): ArtifactPlace {
  const random = randomBytes(6).toString("base64url").slice(0, 7);
  const key = `${pipelineName.slice(0, 20)}/${artifact.slice(0, 10)}/${random}`;
  return { bucket: given(store.location, "bucket"), key };
}

/** Where an input artifact lies. */
export function placeOfInput(name: string, { made }: PipelineRun): ArtifactPlace {
  const place = made.artifacts.get(name);
  if (place === undefined) throw new Error(`no earlier action has created the artifact ${name}`);
  return place;
}

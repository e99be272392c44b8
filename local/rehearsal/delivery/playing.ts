import type { ArtifactStore } from "@aws-sdk/client-codepipeline";

import type { Credentials, Stage } from "../contract";
import type { Outside } from "./sourceFiles";

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

/** A build that CodePipeline started. */
export interface Build {
  readonly id: string;
  /** Where CodeBuild shows more. */
  readonly url: string;
}

/** One run of a CodePipeline while it is played. */
export interface Playing extends DeliveryOrder {
  readonly pipelineArn: string;
  readonly credentials: Credentials;
  readonly store: ArtifactStore;
  readonly stage: Stage;
  /** Where each artifact lies, by name. */
  readonly artifacts: Map<string, { bucket: string; key: string }>;
}

/** What an action left behind. */
export interface Played {
  readonly commitId?: string;
  readonly failure?: string | undefined;
  readonly build?: Build;
  readonly lines?: readonly string[];
}

/** What the deployed pipeline must name. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the deployed pipeline names no ${what}`);
  return value;
}

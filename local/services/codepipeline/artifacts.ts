import { randomBytes } from "node:crypto";

import type { ArtifactPlace } from "../codebuild/buildInput";
import { type PipelineRun, given } from "./pipelineRun";

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

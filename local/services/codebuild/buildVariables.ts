import type { Project } from "@aws-sdk/client-codebuild";

import type { AwsContext } from "../../iam/contract";
import type { ArtifactPlace } from "./buildInput";
import type { Clone } from "./clone";

/** What a build knows of the run that started it. */
export interface BuildFacts {
  readonly buildId: string;
  readonly commitId: string;
  readonly initiator: string;
  /** The primary input artifact, or the clone of a repository. */
  readonly source: ArtifactPlace | Clone;
}

/** What CodeBuild tells a build. */
export function buildVariables(
  { arn = "" }: Project,
  { buildId, commitId, initiator, source }: BuildFacts,
  { partition, region }: AwsContext,
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
    CODEBUILD_SOURCE_VERSION:
      "bucket" in source ? `arn:${partition}:s3:::${source.bucket}/${source.key}` : commitId,
    CODEBUILD_SRC_DIR: folder,
  };
}

/** Plain-text variables of the project; `readReferences` reads the others. */
export function variablesOf({ environment }: Project): Record<string, string> {
  const variables = environment?.environmentVariables ?? [];
  return Object.fromEntries(
    variables
      .filter(({ type = "PLAINTEXT" }) => type === "PLAINTEXT")
      .map(({ name = "", value = "" }) => [name, value]),
  );
}

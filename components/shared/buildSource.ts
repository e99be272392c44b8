import type * as pulumi from "@pulumi/pulumi";

/** CodeCommit repository that a build clones, with its history. */
export interface Checkout {
  cloneUrl: pulumi.Input<string>;
  /** Folder of the artifact bucket for the files of the buildspec: one folder for each build. */
  output?: { bucket: pulumi.Input<string>; folder: pulumi.Input<string> };
  /** Branch, unless the start of a build names a commit. */
  branch: string;
}

/** Source and artifacts of a CodeBuild project: of CodePipeline, or a CodeCommit repository. */
export function buildSource(buildspec: string, checkout: Checkout | undefined) {
  if (checkout === undefined)
    return {
      source: { type: "CODEPIPELINE", buildspec },
      artifacts: { type: "CODEPIPELINE" },
    };
  const { branch, cloneUrl, output } = checkout;
  return {
    // Depth 0 is the whole history.
    source: { type: "CODECOMMIT", buildspec, gitCloneDepth: 0, location: cloneUrl },
    sourceVersion: `refs/heads/${branch}`,
    artifacts:
      output === undefined
        ? { type: "NO_ARTIFACTS" }
        : {
            type: "S3",
            location: output.bucket,
            path: output.folder,
            namespaceType: "BUILD_ID",
            name: "findings",
            packaging: "NONE",
          },
  };
}

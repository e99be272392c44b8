import { randomBytes } from "node:crypto";

import type { ActionDeclaration } from "@aws-sdk/client-codepipeline";

import { judged } from "../clients";
import { type Playing, given } from "./playing";
import { archiveOf, filesAt, type Outside } from "./sourceFiles";

/** Returns the commit whose files now lie in the bucket as the action's output artifact. */
export async function playSource(
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

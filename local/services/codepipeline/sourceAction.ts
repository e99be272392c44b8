import { judged } from "../../iam/clients";
import { newPlace } from "./artifacts";
import { type ActionCall, type Played, type Playing, given } from "./playing";
import { archiveOf, filesAt, type Outside } from "./sourceFiles";

/** Takes the commit, whose files then lie in the bucket as the action's output artifact. */
export async function playSource(action: ActionCall, playing: Playing): Promise<Played> {
  const { provider } = action.actionTypeId;
  const { commitId, files } =
    provider === "CodeCommit"
      ? await fromCodeCommit(action, playing)
      : await fromConnection(action, playing);
  const artifact = given(action.outputArtifacts[0], "output artifact").name;
  const { bucket, key } = newPlace(artifact, playing);
  const place = { bucket, key: `${key}.zip` };
  const kmsKey = playing.store.encryptionKey?.id;
  const s3 = await judged(playing.stage, playing.credentials).s3();
  await s3.putObject({
    Bucket: place.bucket,
    Key: place.key,
    Body: archiveOf(files),
    ...(kmsKey === undefined ? {} : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey }),
  });
  playing.made.artifacts.set(artifact, place);
  playing.made.commitId = commitId;
  // Of what AWS tells beside it, nothing is known of a commit that is only pinned.
  return { outputVariables: { CommitId: commitId } };
}

async function fromCodeCommit({ configuration }: ActionCall, playing: Playing): Promise<Outside> {
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
  { actionTypeId: { provider }, configuration, name }: ActionCall,
  { credentials, outside, stage }: Playing,
): Promise<Outside> {
  if (provider !== "CodeStarSourceConnection" || outside === undefined) {
    throw new Error(
      `action ${name}: the local cloud does not simulate the source provider ${provider}`,
    );
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

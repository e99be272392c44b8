import { authorizedClients } from "../../iam/clients";
import {
  type ActionCall,
  type ActionResult,
  type PipelineRun,
  newPlace,
  given,
} from "./pipelineRun";
import { archiveOf, filesAt, type Outside } from "./sourceFiles";

/** Takes the commit, whose files then lie in the bucket as the action's output artifact. */
export async function simulateSource(
  action: ActionCall,
  pipelineRun: PipelineRun,
): Promise<ActionResult> {
  const { provider } = action.actionTypeId;
  const { commitId, files } =
    provider === "CodeCommit"
      ? await fromCodeCommit(action, pipelineRun)
      : await fromConnection(action, pipelineRun);
  const artifact = given(action.outputArtifacts[0], "output artifact").name;
  const { bucket, key } = newPlace(artifact, pipelineRun);
  const place = { bucket, key: `${key}.zip` };
  const kmsKey = pipelineRun.store.encryptionKey?.id;
  const s3 = await authorizedClients(pipelineRun.context, pipelineRun.credentials).s3();
  await s3.putObject({
    Bucket: place.bucket,
    Key: place.key,
    Body: archiveOf(files),
    ...(kmsKey === undefined ? {} : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey }),
  });
  pipelineRun.made.artifacts.set(artifact, place);
  pipelineRun.made.commitId = commitId;
  // Of what AWS tells beside it, nothing is known of a commit that is only pinned.
  return { outputVariables: { CommitId: commitId } };
}

async function fromCodeCommit(
  { configuration }: ActionCall,
  pipelineRun: PipelineRun,
): Promise<Outside> {
  const { credentials, context } = pipelineRun;
  const repositoryName = given(configuration.RepositoryName, "RepositoryName");
  const codecommit = await authorizedClients(context, credentials).codecommit();
  const branchName = given(configuration.BranchName, "BranchName");
  const { branch } = await codecommit.getBranch({ repositoryName, branchName });
  const commitId = pipelineRun.commitId ?? given(branch?.commitId, "commit");
  await codecommit.getCommit({ repositoryName, commitId });
  // CodeCommit packs the files itself: permissions that no public call needs.
  const { accountId, partition, region } = context;
  const resource = `arn:${partition}:codecommit:${region}:${accountId}:${repositoryName}`;
  for (const action of ["codecommit:UploadArchive", "codecommit:GetUploadArchiveStatus"]) {
    await context.proxy.require(credentials, { action, resource });
  }
  return { commitId, files: await filesAt(repositoryName, commitId, context) };
}

async function fromConnection(
  { actionTypeId: { provider }, configuration, name }: ActionCall,
  { credentials, outside, context }: PipelineRun,
): Promise<Outside> {
  if (provider !== "CodeStarSourceConnection" || outside === undefined) {
    throw new Error(
      `action ${name}: the local cloud does not simulate the source provider ${provider}`,
    );
  }
  const resource = given(configuration.ConnectionArn, "ConnectionArn");
  const service = given(resource.split(":")[2], "service");
  const repository = given(configuration.FullRepositoryId, "FullRepositoryId");
  const conditions = { [`${service}:FullRepositoryId`]: repository };
  await context.proxy.require(credentials, {
    action: `${service}:UseConnection`,
    resource,
    context: conditions,
  });
  return outside;
}

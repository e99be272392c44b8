import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";

/** The source of a deployed pipeline, as AWS has it. */
export interface DeployedSource {
  readonly provider: string;
  readonly branchName: string;
  /** The repository's name; `owner/repository` for one outside AWS. */
  readonly repositoryName: string;
}

/** Reads the source action of the pipeline back. */
export async function deployedSource(name: string, context: AwsContext): Promise<DeployedSource> {
  const { pipeline } = await (await ownerClients(context).codepipeline()).getPipeline({ name });
  const actions = pipeline?.stages?.flatMap((one) => one.actions ?? []) ?? [];
  const source = actions.find(({ actionTypeId }) => actionTypeId?.category === "Source");
  const { BranchName, FullRepositoryId, RepositoryName } = source?.configuration ?? {};
  const repositoryName = RepositoryName ?? FullRepositoryId;
  const provider = source?.actionTypeId?.provider;
  if (provider === undefined || BranchName === undefined || repositoryName === undefined) {
    throw new Error(`the deployed pipeline ${name} has no source with a repository and a branch`);
  }
  return { branchName: BranchName, provider, repositoryName };
}

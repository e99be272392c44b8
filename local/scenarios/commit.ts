import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";
import type { Files } from "../services/codepipeline/sourceFiles";

/** A branch of a repository in the emulated account. */
export interface Branch {
  readonly repositoryName: string;
  readonly branchName: string;
}

/** A change to a branch. */
export interface Change extends Branch {
  readonly message: string;
  readonly put: Files;
}

/** What CodeCommit says of a commit. */
export interface Commit {
  readonly commitId: string;
  /** Left out for the branch's first commit. */
  readonly oldCommitId?: string;
}

/** Commits as a data scientist would push: onto the branch's head, or as the branch's first commit. */
export async function commit(
  { branchName, message, put, repositoryName }: Change,
  context: AwsContext,
): Promise<Commit> {
  const codecommit = await ownerClients(context).codecommit();
  const head = await headOf({ branchName, repositoryName }, context);
  const { commitId } = await codecommit.createCommit({
    repositoryName,
    branchName,
    commitMessage: message,
    authorName: "A data scientist",
    email: "data.scientist@example.com",
    putFiles: Object.entries(put).map(([filePath, fileContent]) => ({ filePath, fileContent })),
    ...(head === undefined ? {} : { parentCommitId: head }),
  });
  if (commitId === undefined) throw new Error("CodeCommit returned no commit ID");
  return head === undefined ? { commitId } : { commitId, oldCommitId: head };
}

/** The branch's last commit; undefined if there is no such branch. */
export async function headOf(
  { branchName, repositoryName }: Branch,
  context: AwsContext,
): Promise<string | undefined> {
  const codecommit = await ownerClients(context).codecommit();
  try {
    const { branch } = await codecommit.getBranch({ branchName, repositoryName });
    return branch?.commitId;
  } catch (error) {
    if (error instanceof Error && error.name === "BranchDoesNotExistException") return undefined;
    throw error;
  }
}

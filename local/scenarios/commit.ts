import { z } from "zod";

import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";
import { callEmulator } from "../services/emulatorCall";
import type { PushedFiles } from "./readFolder";

/** A branch of a repository in the emulated account. */
export interface Branch {
  readonly repositoryName: string;
  readonly branchName: string;
}

/** A change to a branch. */
export interface Change extends Branch {
  readonly message: string;
  readonly put: PushedFiles;
  /** Whether the branch has these files only; else they are added to those that it has. */
  readonly replacesAll?: boolean;
}

/** What CodeCommit says of a commit. */
export interface Commit {
  readonly commitId: string;
  /** Left out for the branch's first commit. */
  readonly oldCommitId?: string;
}

const pushed = z.object({ commitId: z.string() });

/**
 * Pushes by git, onto the branch's head or as the branch's first commit. Unlike CreateCommit, git carries empty files
 * and has no limit of 100 files or 7 MB.
 */
export async function commit(
  { branchName, message, put: { files, modes = {} }, replacesAll = false, repositoryName }: Change,
  context: AwsContext,
): Promise<Commit> {
  const head = await headOf({ branchName, repositoryName }, context);
  const body = {
    repositoryName,
    branchName,
    commitMessage: message,
    authorName: "A data scientist",
    email: "data.scientist@example.com",
    files: Object.entries(files).map(([filePath, content]) => ({
      filePath,
      fileContent: Buffer.from(content).toString("base64"),
      fileMode: modes[filePath],
    })),
    replacesAll,
  };
  const answer = await callEmulator(context, "codecommit", "EmulatorPush", body);
  const { commitId } = pushed.parse(answer);
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

import { zipSync } from "fflate";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

/** A repository's files at one commit, by path; of a symbolic link, its target. */
export type Files = Record<string, Uint8Array>;

/** Modes of files in git, by path; left out for a normal file. */
export type FileModes = Readonly<Record<string, "EXECUTABLE" | "SYMLINK">>;

/** The code of a repository outside AWS, as a connection would fetch it. */
export interface Outside {
  readonly commitId: string;
  readonly files: Files;
}

/** Everything in the emulated repository at a commit, as its owner reads it. */
export async function filesAt(
  repositoryName: string,
  commitSpecifier: string,
  context: AwsContext,
): Promise<Files> {
  const codecommit = await ownerClients(context).codecommit();
  const files: Files = {};
  const read = async (folderPath: string): Promise<void> => {
    const found = await codecommit.getFolder({ repositoryName, commitSpecifier, folderPath });
    for (const { absolutePath: filePath = "" } of found.files ?? []) {
      const { fileContent } = await codecommit.getFile({
        repositoryName,
        commitSpecifier,
        filePath,
      });
      if (fileContent === undefined) throw new Error(`${filePath} has no content`);
      files[filePath] = fileContent;
    }
    for (const { absolutePath = "", blobId } of found.symbolicLinks ?? []) {
      const { content } = await codecommit.getBlob({ repositoryName, blobId });
      if (content === undefined) throw new Error(`${absolutePath} has no target`);
      files[absolutePath] = content;
    }
    for (const { absolutePath = "" } of found.subFolders ?? []) await read(absolutePath);
  };
  await read("/");
  return files;
}

/**
 * The source artifact: a zip of the files. As on AWS, it has no modes: files are not executable, and a symbolic link
 * is a text file with its target.
 */
export function archiveOf(files: Files): Uint8Array {
  return zipSync(files, { level: 6 });
}

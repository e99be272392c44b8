import { type RunFolder, openRunFolder } from "./runFolder";

/** Hands a folder of this run to `work`, then deletes it, and folders of runs that were killed. */
export async function withScratch<T>(
  root: string,
  work: (path: string, folder: RunFolder) => Promise<T>,
): Promise<T> {
  const folder = openRunFolder(root);
  try {
    return await work(folder.path, folder);
  } finally {
    folder.close();
  }
}

import { type RunFolder, openRunFolder } from "./runFolder";

/** Hands a folder of this run's own to `work`, and removes it, and what runs that were killed left. */
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

import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { run } from "../toolchain/processes";
import type { Files } from "../services/codepipeline/sourceFiles";
import { withoutTests } from "./faults";
import { ROOT } from "./thisProject";

/**
 * The files that a push of a folder contains: in a git working tree, files that git tracks or does not ignore;
 * in any other folder, all files.
 */
export async function readFolder(folder: string, signal: AbortSignal): Promise<Files> {
  const paths = (await pathsOfGit(folder, signal)) ?? readdirSync(folder, { recursive: true });
  const files: Files = {};
  for (const path of paths.map(String)) {
    const content = contentOf(join(folder, path));
    // CodeCommit takes no empty file in a commit by its API.
    if (content !== undefined && content.length > 0) files[path] = content;
  }
  return files;
}

async function pathsOfGit(folder: string, signal: AbortSignal): Promise<string[] | undefined> {
  const asked = ["ls-files", "--cached", "--others", "--exclude-standard"];
  try {
    const { code, lines } = await run("git", ["-c", "core.quotePath=off", "-C", folder, ...asked], {
      signal,
    });
    return code === 0 ? lines : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Undefined for folders, links, and deleted files that git tracks. */
function contentOf(path: string): Uint8Array | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path)
    : undefined;
}

/**
 * Starter of the model build, as a team pushes it to a repository of its own; its build runs no tests: the first
 * execution, of the commit that the program makes, has run them.
 */
export async function starter(buildspec: string, signal: AbortSignal): Promise<Files> {
  const files = await readFolder(join(ROOT, "starter", "model-build"), signal);
  return { ...files, [buildspec]: withoutTests(files[buildspec] ?? new Uint8Array()) };
}

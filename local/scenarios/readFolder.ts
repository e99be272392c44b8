import { execFile } from "node:child_process";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import type { FileModes, Files } from "../services/codepipeline/sourceFiles";
import { withoutTests } from "./faults";
import { pathsNotIgnored } from "./gitignore";
import { ROOT } from "./thisProject";

/** Files that a push contains, and the modes of those that are not normal files. */
export interface PushedFiles {
  readonly files: Files;
  readonly modes?: FileModes;
}

/** A folder as `git push` would carry it; {@link readFolder}. */
export interface PushedFolder extends Required<PushedFiles> {
  /** Git submodules, which neither the push nor the source artifact contains. */
  readonly submodules: readonly string[];
}

/**
 * The files that a push of a folder contains: those that git tracks or does not ignore; in a folder without git,
 * those that no `.gitignore` in it ignores. Empty files and symbolic links are files too.
 */
export async function readFolder(folder: string, signal: AbortSignal): Promise<PushedFolder> {
  const files: Files = {};
  const modes: Record<string, FileModes[string]> = {};
  const submodules: string[] = [];
  for (const path of (await pathsOfGit(folder, signal)) ?? pathsNotIgnored(folder)) {
    const file = join(folder, path);
    // Undefined for a deleted file that git tracks.
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) {
      files[path] = Buffer.from(readlinkSync(file));
      modes[path] = "SYMLINK";
    } else if (stats?.isFile() === true) {
      files[path] = readFileSync(file);
      if ((stats.mode & 0o100) !== 0) modes[path] = "EXECUTABLE";
    } else if (stats?.isDirectory() === true) submodules.push(path);
  }
  return { files, modes, submodules };
}

/** What CodePipeline's source artifact does not keep of a push: lines for the user. */
export function lostInArtifact(pushed: Omit<PushedFolder, "files"> | undefined): string[] {
  if (pushed === undefined) return [];
  const { modes, submodules } = pushed;
  const paths = (mode: FileModes[string]) =>
    Object.keys(modes).filter((path) => modes[path] === mode);
  const rows: readonly [readonly string[], string][] = [
    [paths("SYMLINK"), "symbolic links are text files with their target in the build"],
    [paths("EXECUTABLE"), "files are not executable in the build (use sh, python or chmod +x)"],
    [submodules, "submodules are missing in the build"],
  ];
  return rows.flatMap(([found, text]) => (found.length === 0 ? [] : `${text}: ${some(found)}`));
}

function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${(paths.length - 5).toString()} more` : shown;
}

/** Undefined if the folder is in no working tree, or git is not installed. */
async function pathsOfGit(folder: string, signal: AbortSignal): Promise<string[] | undefined> {
  const asked = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, ...asked], {
      maxBuffer: 2 ** 30,
      signal,
    });
    // A repository in it that is no submodule yet ends in a slash.
    const paths = stdout.split("\0").map((path) => path.replace(/\/$/, ""));
    return paths.filter((path) => path !== "");
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/**
 * Starter of the model build, as a team pushes it to a repository of its own; its build runs no tests: the first
 * execution, of the commit that the program makes, has run them.
 */
export async function starter(buildspec: string, signal: AbortSignal): Promise<PushedFolder> {
  const folder = await readFolder(join(ROOT, "starter", "model-build"), signal);
  const own = folder.files[buildspec] ?? new Uint8Array();
  return { ...folder, files: { ...folder.files, [buildspec]: withoutTests(own) } };
}

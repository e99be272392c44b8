import { type Dirent, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import ignore, { type Ignore } from "ignore";

/** Rules of one `.gitignore`, and the path of its folder with a slash at the end. */
interface Rules {
  readonly folder: string;
  readonly ignore: Ignore;
}

/** Paths of the files in a folder, also in a folder without git, less what a `.gitignore` in it ignores. */
export function pathsNotIgnored(root: string): string[] {
  return pathsIn(root, "", []);
}

function pathsIn(root: string, folder: string, outer: readonly Rules[]): string[] {
  const file = join(root, folder, ".gitignore");
  const own = existsSync(file)
    ? [{ folder, ignore: ignore().add(readFileSync(file, "utf8")) }]
    : [];
  const rules = [...outer, ...own];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry: Dirent) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      // Nothing in an ignored folder can be included again.
      const isLeftOut = entry.name === ".git" || isIgnored(`${path}/`, rules);
      return isLeftOut ? [] : pathsIn(root, `${path}/`, rules);
    }
    return (entry.isFile() || entry.isSymbolicLink()) && !isIgnored(path, rules) ? [path] : [];
  });
}

/** The innermost `.gitignore` that says something of the path decides. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { folder, ignore: own } of [...rules].reverse()) {
    const { ignored, unignored } = own.test(path.slice(folder.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Files } from "./delivery/sourceFiles";

// What tools leave behind and no repository holds.
const leftovers =
  /^(\.git|\.venv|__pycache__|\.pytest_cache|\.ruff_cache|node_modules|.*\.egg-info|build|dist)$/;

/** Every file of somebody's repository, by path. */
export function readFolder(folder: string, inside = ""): Files {
  const files: Files = {};
  for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
    if (leftovers.test(entry.name)) continue;
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(files, readFolder(folder, path));
    else if (entry.isFile()) files[path] = readFileSync(join(folder, path));
  }
  return files;
}

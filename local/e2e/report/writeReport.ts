import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { type E2eResult, pageOf } from "./page";

const ROOT = join(__dirname, "..", "..", "..");

/** Leaves the page in the project's folder of local runs; returns where, as a person would open it. */
export function writeReport(result: E2eResult, name: string, root = ROOT): string {
  const folder = join(root, ".local");
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  // Moving is atomic: runs beside this one may write theirs.
  const unfinished = `${file}.${process.pid.toString()}`;
  writeFileSync(unfinished, pageOf(result));
  renameSync(unfinished, file);
  return relative(process.cwd(), file);
}

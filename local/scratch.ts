import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { isRunning } from "./processTable";

/** Hands a folder of this run's own to `work`, and removes it and those of runs that were killed. */
export async function withScratch<T>(
  root: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = join(root, ".local");
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const owner = /^run-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) remove(join(parent, name));
  }

  const folder = mkdtempSync(join(parent, `run-${process.pid.toString()}-`));
  try {
    return await work(folder);
  } finally {
    remove(folder);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { isRunning } from "./processTable";
import type { Report } from "../../lib/progress";

// Longer than the slowest build seen, so that only a forgotten lock is ever this old.
const STALE_AFTER_MS = 60 * 60 * 1000;

/** Runs `work` while no other process runs under the same lock file; a dead holder's lock is taken over. */
export async function withLock<T>(
  file: string,
  report: Report,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  while (!tryLock(file)) {
    const holder = readHolder(file);
    if (holder === undefined || isStale(file, holder)) {
      breakLock(file);
    } else {
      report(`waiting for another run (process ${holder.toString()})`);
      await sleep(500, undefined, { signal });
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A link appears with its content in one go: no one ever reads a lock without a holder. */
function tryLock(file: string): boolean {
  const mine = `${file}.${process.pid.toString()}`;
  writeFileSync(mine, process.pid.toString());
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isStale(file: string, holder: number): boolean {
  if (!isRunning(holder)) return true;
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return age > STALE_AFTER_MS;
}

/** Moving is atomic: of two runs that see a dead holder, one removes the lock. */
function breakLock(file: string): void {
  const taken = `${file}.broken-by-${process.pid.toString()}`;
  try {
    renameSync(file, taken);
    rmSync(taken, { force: true });
  } catch {
    // Someone else was faster.
  }
}

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { endNow, familiesOf, isRunning, stillAlive } from "../toolchain/processTable";
import { print } from "../../lib/progress";

const FILE = "run.json";

const seenProcess = z.object({ pid: z.number(), parent: z.number(), started: z.string() });

const runRecord = z.object({
  /** The run itself; or, of a local cloud that is kept, the emulator. */
  owner: seenProcess,
  /** What the run started, as last seen. */
  started: z.array(seenProcess),
  kept: z.object({ endpoint: z.string(), stack: z.string() }).optional(),
});

/** What a run writes down in its folder, so that a later run can clean up if it is killed. */
export type RunRecord = z.output<typeof runRecord>;

/** The folder that holds the folders of all runs, less those of runs that no longer live. */
export function sweptParent(root: string): string {
  const parent = join(root, ".local");
  mkdirSync(parent, { recursive: true });
  foldersIn(parent).forEach(sweep);
  return parent;
}

/** The folders of runs. */
export function foldersIn(parent: string): string[] {
  return readdirSync(parent)
    .filter((name) => /^run-\d+-/.test(name))
    .map((name) => join(parent, name));
}

/** The record in a run's folder; undefined if there is none yet. */
export function readRecord(folder: string): RunRecord | undefined {
  try {
    return runRecord.parse(JSON.parse(readFileSync(join(folder, FILE), "utf8")));
  } catch {
    return undefined;
  }
}

/** Moving is atomic: a reader gets the old record or the new one. */
export function writeRecord(folder: string, record: RunRecord): void {
  const unfinished = join(folder, `${FILE}.new`);
  writeFileSync(unfinished, JSON.stringify(record));
  renameSync(unfinished, join(folder, FILE));
}

/** Removes a run's folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Ends and removes what a run has left that no longer lives; ends only the very processes it recorded. */
function sweep(folder: string): void {
  const record = readRecord(folder);
  if (record === undefined) {
    // Killed before it wrote anything down; or about to write.
    if (!isRunning(Number(/run-(\d+)-/.exec(folder)?.[1]))) removeFolder(folder);
    return;
  }
  if (stillAlive([record.owner]).length > 0) return;

  const left = familiesOf(record.started);
  endNow(left);
  removeFolder(folder);
  if (left.length > 0) {
    const pids = left.map(({ pid }) => pid.toString()).join(", ");
    print(`stopped processes of a killed run: ${pids}`);
  }
}

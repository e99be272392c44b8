import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import {
  type SeenProcess,
  descendants,
  endNow,
  familiesOf,
  isRunning,
  ownProcess,
  stillAlive,
} from "./processTable";

const RECORD = "run.json";
const LOOK_EVERY_MS = 250;

const seenProcess = z.object({ pid: z.number(), parent: z.number(), started: z.string() });

const record = z.object({
  /** The run itself; or, of a local cloud that is kept, the emulator. */
  owner: seenProcess,
  started: z.array(seenProcess).default([]),
  kept: z.object({ endpoint: z.string(), stack: z.string() }).optional(),
});

type Record = z.output<typeof record>;

/** A folder of this run's own. */
export interface RunFolder {
  readonly path: string;
  /** Writes down what this run has started by now; also done by itself, several times a second. */
  readonly noteChildren: () => void;
  /** Leaves the folder to a process that goes on when this run ends. */
  readonly handOver: (pid: number, kept: NonNullable<Record["kept"]>) => void;
  /** Removes the folder, unless it was handed over. */
  readonly close: () => void;
}

/** A new folder for this run; what runs that were killed left behind, files and processes, is removed first. */
export function openRunFolder(root: string): RunFolder {
  const parent = join(root, ".local");
  mkdirSync(parent, { recursive: true });
  sweep(parent);

  const path = mkdtempSync(join(parent, `run-${process.pid.toString()}-`));
  const owner = ownProcess();
  let started: SeenProcess[] = [];
  let isHandedOver = false;
  write(path, { owner, started });

  const noteChildren = (): void => {
    // What is no longer a descendant may be an orphan.
    const now = [...descendants(), ...stillAlive(started)];
    const next = [...new Map(now.map((one) => [one.pid, one])).values()];
    const isNew =
      next.length !== started.length ||
      next.some(({ pid }) => !started.some((one) => one.pid === pid));
    started = next;
    if (isNew) write(path, { owner, started });
  };
  const timer = setInterval(noteChildren, LOOK_EVERY_MS);
  timer.unref();

  return {
    path,
    noteChildren,
    handOver: (pid, kept) => {
      clearInterval(timer);
      const heir = descendants().find((one) => one.pid === pid);
      if (heir === undefined) throw new Error(`no process ${pid.toString()} to hand over to`);
      write(path, { owner: heir, started: [heir], kept });
      isHandedOver = true;
    },
    close: () => {
      clearInterval(timer);
      if (!isHandedOver) remove(path);
    },
  };
}

/** A local cloud that was left running. */
export interface KeptCloud {
  readonly path: string;
  readonly pid: number;
  readonly stack: string;
  readonly endpoint: string;
  readonly forget: () => void;
}

/** The local clouds of this working tree that still run; the rest is swept away. */
export function keptClouds(root: string): KeptCloud[] {
  const parent = join(root, ".local");
  mkdirSync(parent, { recursive: true });
  sweep(parent);
  return foldersIn(parent).flatMap((path) => {
    const found = read(path);
    if (found?.kept === undefined) return [];
    const forget = (): void => {
      remove(path);
    };
    return [{ path, pid: found.owner.pid, ...found.kept, forget }];
  });
}

function sweep(parent: string): void {
  for (const path of foldersIn(parent)) {
    const found = read(path);
    if (found === undefined) {
      // Killed before it wrote anything down, or about to write.
      const pid = Number(/run-(\d+)-/.exec(path)?.[1]);
      if (!isRunning(pid)) remove(path);
      continue;
    }
    if (stillAlive([found.owner]).length > 0) continue;
    endNow(familiesOf(found.started));
    remove(path);
  }
}

function foldersIn(parent: string): string[] {
  return readdirSync(parent)
    .filter((name) => /^run-\d+-/.test(name))
    .map((name) => join(parent, name));
}

function read(path: string): Record | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(join(path, RECORD), "utf8")));
  } catch {
    return undefined;
  }
}

/** Moving is atomic: whoever reads meets the old record or the new one. */
function write(path: string, content: z.input<typeof record>): void {
  const unfinished = join(path, `${RECORD}.new`);
  writeFileSync(unfinished, JSON.stringify(content));
  renameSync(unfinished, join(path, RECORD));
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

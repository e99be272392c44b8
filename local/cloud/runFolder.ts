import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type SeenProcess, descendants, ownProcess, stillAlive } from "../toolchain/processTable";
import {
  type RunRecord,
  foldersIn,
  readRecord,
  removeFolder,
  sweptParent,
  writeRecord,
} from "./runRecord";

const LOOK_EVERY_MS = 250;

/** A folder of this run's own. */
export interface RunFolder {
  readonly path: string;
  /** Writes down what this run has started by now; also done by itself, several times a second. */
  readonly noteChildren: () => void;
  /** Leaves the folder to a process that goes on when this run ends. */
  readonly handOver: (pid: number, kept: NonNullable<RunRecord["kept"]>) => void;
  /** Removes the folder, unless it was handed over. */
  readonly close: () => void;
}

/** A local cloud that was left running. */
export interface KeptCloud {
  readonly endpoint: string;
  /** The folder of its state. */
  readonly path: string;
  readonly pid: number;
  readonly stack: string;
  /** Removes its files. */
  readonly forget: () => void;
}

/** A new folder for this run; first deletes processes and files of runs that were killed. */
export function openRunFolder(root: string): RunFolder {
  const path = mkdtempSync(join(sweptParent(root), `run-${process.pid.toString()}-`));
  const owner = ownProcess();
  let started: SeenProcess[] = [];
  let isHandedOver = false;
  writeRecord(path, { owner, started });

  const noteChildren = (): void => {
    // An orphan is no longer a descendant, but may still live.
    const now = [...descendants(), ...stillAlive(started)];
    const known = started.map(({ pid }) => pid);
    started = [...new Map(now.map((one) => [one.pid, one])).values()];
    const isNew =
      started.length !== known.length || started.some(({ pid }) => !known.includes(pid));
    if (isNew) writeRecord(path, { owner, started });
  };
  const timer = setInterval(noteChildren, LOOK_EVERY_MS);
  timer.unref();

  return {
    path,
    noteChildren,
    handOver: (pid, kept) => {
      clearInterval(timer);
      const heir = descendants().find((one) => one.pid === pid);
      if (heir === undefined) throw new Error(`process ${pid.toString()} does not exist`);
      writeRecord(path, { owner: heir, started: [heir], kept });
      isHandedOver = true;
    },
    close: () => {
      clearInterval(timer);
      if (!isHandedOver) removeFolder(path);
    },
  };
}

/** The local clouds of this working tree that still run. */
export function keptClouds(root: string): KeptCloud[] {
  return foldersIn(sweptParent(root)).flatMap((path) => {
    const record = readRecord(path);
    if (record?.kept === undefined) return [];
    const forget = (): void => {
      removeFolder(path);
    };
    return [{ ...record.kept, path, pid: record.owner.pid, forget }];
  });
}

/** Hands a folder of this run to `work`, then deletes it, and folders of runs that were killed. */
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

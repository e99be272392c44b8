import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** A process as seen once; `started` tells it from a later one that was given the same id. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

/** This process. */
export function ownProcess(): SeenProcess {
  const own = everyProcess().find(({ pid }) => pid === process.pid);
  if (own === undefined) throw new Error("this process is not in the process table");
  return own;
}

/** Every live process that descends from this one, nearest first. */
export function descendants(): SeenProcess[] {
  return below([process.pid], everyProcess());
}

/** Those of `seen` that still live, each the very process that was seen. */
export function stillAlive(seen: readonly SeenProcess[]): SeenProcess[] {
  return seen.length === 0 ? [] : aliveAmong(seen, everyProcess());
}

/** Those of `seen` that still live, and all that descends from them. */
export function familiesOf(seen: readonly SeenProcess[]): SeenProcess[] {
  const all = everyProcess();
  const alive = aliveAmong(seen, all);
  const pids = alive.map(({ pid }) => pid);
  return [...alive, ...below(pids, all).filter(({ pid }) => !pids.includes(pid))];
}

/** Ends at once those of `seen` that still live; never a later process that got the same id. */
export function endNow(seen: readonly SeenProcess[]): void {
  for (const { pid } of stillAlive(seen)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** Whether a process with this id is alive, whichever user owns it. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function below(pids: readonly number[], all: readonly SeenProcess[]): SeenProcess[] {
  const found: SeenProcess[] = [];
  let parents = pids;
  while (parents.length > 0) {
    const children = all.filter((one) => parents.includes(one.parent));
    found.push(...children);
    parents = children.map((one) => one.pid);
  }
  return found;
}

function aliveAmong(seen: readonly SeenProcess[], all: readonly SeenProcess[]): SeenProcess[] {
  return seen.filter(({ pid, started }) =>
    all.some((one) => one.pid === pid && one.started === started),
  );
}

function everyProcess(): SeenProcess[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function fromProc(): SeenProcess[] {
  // Start times count from the boot of the machine.
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The command, in parentheses, may hold blanks: count fields from its end.
        const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const started = rest[17];
        if (parent === undefined || started === undefined || state === "Z") return [];
        return [{ pid: Number(name), parent: Number(parent), started: `${boot} ${started}` }];
      } catch {
        return [];
      }
    });
}

function fromPs(): SeenProcess[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,lstart="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, started] = /^\s*(\d+)\s+(\d+)\s+(.+)$/.exec(line) ?? [];
    if (pid === undefined || parent === undefined || started === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), started }];
  });
}

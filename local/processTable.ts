import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** A process as seen once; `started` tells it from a later one that was given the same id. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

/** Every live process that descends from this one, nearest first. */
export function descendants(): SeenProcess[] {
  const all = everyProcess();
  const found: SeenProcess[] = [];
  let parents = [process.pid];
  while (parents.length > 0) {
    const children = all.filter((one) => parents.includes(one.parent));
    found.push(...children);
    parents = children.map((one) => one.pid);
  }
  return found;
}

/** Ends at once those of `seen` that still live; never a later process that got the same id. */
export function endNow(seen: readonly SeenProcess[]): void {
  if (seen.length === 0) return;
  const all = everyProcess();
  for (const { pid, started } of seen) {
    if (!all.some((one) => one.pid === pid && one.started === started)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** Whether a process with this id lives, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function everyProcess(): SeenProcess[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function fromProc(): SeenProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The command, in parentheses, may hold blanks: count fields from its end.
        const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const started = rest[17];
        if (parent === undefined || started === undefined || state === "Z") return [];
        return [{ pid: Number(name), parent: Number(parent), started }];
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

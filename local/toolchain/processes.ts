import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { withProgress } from "../../lib/progress";

const GRACE_MS = 5000;

const groups = new Set<number>();

interface RunOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

/** What a child that ended by itself left behind. */
export interface RunResult {
  readonly code: number;
  /** Lines of both streams, in the order in which they came. */
  readonly lines: string[];
}

/** Starts a child in a process group of its own, so that it can be ended with all that it starts. */
export function startGroup(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  const { pid } = child;
  if (pid !== undefined) {
    keepPriority(pid);
    groups.add(pid);
    child.once("exit", () => {
      if (!isAlive(pid)) groups.delete(pid);
    });
  }
  return child;
}

/**
 * Gives the session of a child this process's priority: Linux compares nice values only within a session.
 * @see https://man7.org/linux/man-pages/man7/sched.7.html (the autogroup feature)
 */
function keepPriority(pid: number): void {
  const priority = getPriority();
  if (priority === 0) return;
  try {
    writeFileSync(`/proc/${pid.toString()}/autogroup`, priority.toString());
  } catch {
    // Not Linux, without autogroups, or already ended.
  }
}

/** Runs a command to its end; ends its whole group, and rejects, as soon as `signal` fires. */
export async function run(
  command: string,
  args: string[],
  { signal, onLine, ...where }: RunOptions,
): Promise<RunResult> {
  signal.throwIfAborted();
  const child = startGroup(command, args, { ...where, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }

  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? -1);
    });
  });
  const stop = (): void => void endGroup(child.pid);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended;
    if (signal.aborted) await endGroup(child.pid);
    signal.throwIfAborted();
    return { code, lines };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Ends a group by its id: asked first, then forced; returns when nothing of it is left. */
export async function endGroup(
  pid: number | undefined,
  ask: NodeJS.Signals = "SIGINT",
): Promise<void> {
  if (pid === undefined) return;
  // SIGINT by default: pip and go then remove their temporary folders.
  send(pid, ask);
  // Bounded twice: where nothing reaps orphans, a dead group always looks alive.
  for (let waited = 0; isAlive(pid) && waited < 2 * GRACE_MS; waited += 50) {
    if (waited >= GRACE_MS) send(pid, "SIGKILL");
    await sleep(50);
  }
  groups.delete(pid);
}

/** Ends every group at once, without asking; for the way out when nothing else helps. */
export function forceGroups(): void {
  for (const pid of groups) send(pid, "SIGKILL");
}

function isAlive(group: number): boolean {
  return send(group, 0);
}

function send(group: number, what: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, what);
  } catch {
    return false;
  }
}

/** Runs a program under a title, and gives its lines; throws with the last of them if it fails. */
export async function mustRun(
  title: string,
  command: string,
  args: string[],
  signal: AbortSignal,
): Promise<string[]> {
  const { code, lines } = await withProgress(title, () => run(command, args, { signal }));
  if (code !== 0) throw new Error(`${title}: ${lines.slice(-20).join("\n")}`);
  return lines;
}

const LOADER = require.resolve("tsx");

/** Arguments of Node that run a TypeScript file. */
export function typeScript(file: string, ...args: readonly string[]): string[] {
  return ["--import", LOADER, file, ...args];
}

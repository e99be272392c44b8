import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

import { endGroup, startGroup } from "../toolchain/processes";

// Two seconds on a free machine. A process that ends is noticed at once.
const READY_WITHIN_MINUTES = 5;

/** A running AWS API on a loopback port. */
export interface Emulator {
  readonly endpoint: string;
  readonly pid: number;
  /** The last lines that it logged of what went wrong; may be empty. */
  readonly logTail: () => string;
  /** Returns when its process is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts the emulator on a free port and returns once it answers; if it does not, nothing is left running. */
export async function startEmulator(
  python: string,
  scratch: string,
  signal: AbortSignal,
  onStarted?: () => void,
): Promise<Emulator> {
  const logFile = join(scratch, "emulator.log");
  const port = (await freePort()).toString();
  const endpoint = `http://127.0.0.1:${port}`;
  const log = openSync(logFile, "a");
  const child = startGroup(python, [join(__dirname, "emulator", "server.py"), "--port", port], {
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  // It may outlive this process, if it is kept.
  child.unref();
  onStarted?.();

  let failure: string | undefined;
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code, killer) => {
    failure = `the process exited (${killer ?? String(code)})`;
  });

  const stop = (): Promise<void> => endGroup(child.pid, "SIGTERM");
  try {
    const deadline = Date.now() + READY_WITHIN_MINUTES * 60_000;
    while (!(await answers(endpoint, logFile))) {
      if (failure) throw new Error(failure);
      if (Date.now() > deadline)
        throw new Error(`no answer on ${endpoint} within ${String(READY_WITHIN_MINUTES)} minutes`);
      await sleep(100, undefined, { signal });
    }
  } catch (error) {
    await stop();
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the emulator did not start: ${reason}\n${captureLines(logFile)}`, {
      cause: error,
    });
  }
  const { pid } = child;
  if (pid === undefined) throw new Error("the emulator has no process id");
  return {
    endpoint,
    pid,
    logTail: () => `${captureLines(logFile)}\n${failure ?? ""}`.trim(),
    stop,
  };
}

/** The end of the log, less the requests that went well. */
function captureLines(file: string): string {
  return stripVTControlCharacters(readFileSync(file, "utf8"))
    .trimEnd()
    .split("\n")
    .filter((line) => !/ HTTP\/1.1" 2\d\d -$/.test(line))
    .slice(-20)
    .join("\n");
}

/** Whether it is our emulator that answers: another run's may have taken the port. */
async function answers(endpoint: string, logFile: string): Promise<boolean> {
  const token = randomUUID();
  try {
    const { ok } = await fetch(`${endpoint}/moto-api/?run=${token}`, {
      signal: AbortSignal.timeout(2000),
    });
    return ok && readFileSync(logFile, "utf8").includes(token);
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no free port"));
        else resolve(address.port);
      });
    });
  });
}

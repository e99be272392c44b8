import { execFile } from "node:child_process";
import { setTimeout } from "node:timers/promises";

import type { RunProgram } from "./kit";

const MAX_OUTPUT = 64 * 1024 * 1024;
const LAST_LINES = 20;

/** Runs programs until the signal fires. */
export function programs(signal: AbortSignal): RunProgram {
  return (command, args, { input = "", isLast = false, ...where } = {}) =>
    new Promise((resolve, reject) => {
      const until = isLast ? {} : { signal };
      const options = { ...where, ...until, encoding: "utf8", maxBuffer: MAX_OUTPUT } as const;
      const child = execFile(command, [...args], options, (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout.trim());
          return;
        }
        const lines = `${stdout}\n${stderr}`.trim().split("\n").slice(-LAST_LINES);
        reject(new Error([error.message.split("\n")[0], ...lines].join("\n"), { cause: error }));
      });
      // A program may end before it has read its input.
      child.stdin?.on("error", () => undefined).end(input);
    });
}

/** Waits, until the signal fires. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(milliseconds, undefined, { signal });
}

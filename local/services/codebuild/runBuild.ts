import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "../../toolchain/processes";
import { withProgress } from "../../../lib/progress";
import { buildScript, MARK } from "./buildScript";
import type { Buildspec } from "./buildspec";

/** Where and for how long the commands run. */
export interface Place {
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** For the script and what it leaves. */
  readonly folder: string;
  /** Values that the log shows as `***`: those of secrets and parameters. */
  readonly hidden?: readonly string[];
  readonly timeoutMinutes: number;
}

/** How the commands of a build ended. */
export interface Ran {
  /** Phase, command and exit status that failed, in CodeBuild's words; left out if nothing did. */
  readonly failure?: string;
  /** Values of the exported variables that have one. */
  readonly exported: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  /** Whether CodeBuild goes on to upload artifacts: after a BUILD that failed too, but not after what came before it. */
  readonly uploads: boolean;
}

/**
 * Runs the buildspec's commands as a subprocess.
 * @param stopped fires on StopBuild: the build's processes are killed
 */
export async function runBuild(
  buildspec: Buildspec,
  { cwd, env, folder, hidden = [], timeoutMinutes }: Place,
  signal: AbortSignal,
  stopped: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const script = join(folder, "build.sh");
  const outputs = join(folder, "exported");
  mkdirSync(outputs, { recursive: true });
  writeFileSync(script, buildScript(buildspec, outputs));
  const limit = AbortSignal.timeout(timeoutMinutes * 60_000);
  const lines: string[] = [];
  const reported = { aborted: "", command: "", failed: "", phase: "" };
  try {
    const { code } = await withProgress("building", (report) =>
      run(buildspec.shell, [script], {
        cwd,
        env,
        signal: AbortSignal.any([signal, limit, stopped]),
        onLine: (output) => {
          const line = masked(output, hidden);
          const mark = line.startsWith(MARK) ? line.slice(MARK.length) : undefined;
          lines.push(mark === undefined ? line : `[Container] ${mark}`);
          report(mark ?? line);
          const [, what = "", words = ""] = /^(\w+) (.*)$/.exec(mark ?? "") ?? [];
          if (what === "aborted") reported.aborted = words;
          if (what === "command") reported.command = words;
          if (what === "failed") reported.failed ||= words;
          if (what === "phase") reported.phase = words;
        },
      }),
    );
    const exported = valuesOf(buildspec.exported, outputs);
    if (code === 0) return { exported, lines, uploads: true };
    const uploads = /^(post_)?build$/.test(reported.phase) && reported.aborted !== "build";
    // A command that leaves the shell leaves no word of its failure either.
    const left = `Phase: ${reported.phase.toUpperCase()}, Code: COMMAND_EXECUTION_ERROR, Message: Error while executing command: ${reported.command}. Reason: exit status ${code.toString()}`;
    return { exported, failure: reported.failed || left, lines, uploads };
  } catch (error) {
    if (signal.aborted || !(limit.aborted || stopped.aborted)) throw error;
    const failure = stopped.aborted
      ? "Build terminated with state: STOPPED."
      : `Build timed out after ${timeoutMinutes.toString()} minutes.`;
    return { exported: {}, failure, lines, uploads: false };
  }
}

/** As CodeBuild does; a value of several lines is hidden line by line, the longest value first. */
function masked(line: string, hidden: readonly string[]): string {
  return hidden
    .flatMap((value) => value.split("\n"))
    .filter((value) => value.trim() !== "")
    .sort((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, "***"), line);
}

function valuesOf(names: readonly string[], folder: string): Record<string, string> {
  const set = names.filter((name) => existsSync(join(folder, name)));
  return Object.fromEntries(set.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

import { join } from "node:path";

import type { Buildspec } from "./buildspec";

/** Starts a line by which the script tells how far it is; the rest of the line is what happened. */
export const MARK = "\u0001rehearsal ";

/**
 * All phases of a build as one shell script. CodeBuild runs every command of a version 0.2 buildspec in the same
 * shell, so that what one command exports or where it changes to holds for the next.
 *
 * The script exits 0 if every phase held, else 1; it tells each phase and command by a marked line, and leaves the
 * value of each exported variable that has one in a file of its name in `outputs`, however it ends.
 */
export function buildScript(
  { exported, phases }: Pick<Buildspec, "exported" | "phases">,
  outputs: string,
): string {
  const keep = exported.map((name) => {
    const file = quoted(join(outputs, name));
    return `[ -z "\${${name}+set}" ] || printf '%s' "$${name}" > ${file}`;
  });
  const lines = ["simulated_failed=0", "export CODEBUILD_BUILD_SUCCEEDING=1"];
  if (keep.length > 0) lines.push(`trap ${quoted(keep.join("\n"))} EXIT`);
  for (const { commands, finally: last, goesOn, name } of phases) {
    lines.push(
      `simulated_phase_failed=0`,
      `if [ "$simulated_failed" -lt 2 ]; then`,
      mark(`phase ${name}`),
      ...commands.flatMap((command) => [
        `if [ "$simulated_phase_failed" -eq 0 ]; then`,
        mark(`command ${firstLine(command)}`),
        `eval ${quoted(command)} || { simulated_phase_failed=$?; ${markFailed(name, command)}; }`,
        `fi`,
      ]),
      ...last.flatMap((command) => [
        mark(`command ${firstLine(command)}`),
        `eval ${quoted(command)} || simulated_phase_failed=$?`,
      ]),
      `if [ "$simulated_phase_failed" -ne 0 ]; then`,
      `CODEBUILD_BUILD_SUCCEEDING=0`,
      ...(goesOn ? ["simulated_failed=1"] : ["simulated_failed=2", mark(`aborted ${name}`)]),
      `fi`,
      `fi`,
    );
  }
  lines.push(`[ "$simulated_failed" -eq 0 ]`);
  return `${lines.join("\n")}\n`;
}

function mark(what: string): string {
  return `printf '%s\\n' ${quoted(MARK + what)}`;
}

/** With the command's exit status, in the words that CodeBuild has for it. */
function markFailed(phase: string, command: string): string {
  const words = `Phase: ${phase.toUpperCase()}, Code: COMMAND_EXECUTION_ERROR, Message: Error while executing command: ${firstLine(command)}. Reason: exit status`;
  return `printf '%s %s\\n' ${quoted(`${MARK}failed ${words}`)} "$simulated_phase_failed"`;
}

function firstLine(command: string): string {
  return command.trim().split("\n")[0] ?? "";
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

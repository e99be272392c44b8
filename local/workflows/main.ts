import { join } from "node:path";

import { runCommand } from "../command";
import { INTERRUPTED, catchInterrupts } from "../interrupt";
import { venvPython } from "../prepare/venv";
import { run } from "../processes";
import { say } from "../progress";
import { messageOf } from "../steps";
import { actionlint } from "./actionlint";

const ROOT = join(__dirname, "..", "..");

const HELP = `npm run check:workflows

Checks the GitHub workflows with actionlint (mistakes) and zizmor (security), both offline. Each is prepared on the first
run and kept in the cache: actionlint is built with Go 1.25 or newer, zizmor comes from Python's package index.

Exit codes: 0 nothing was found; 1 something was, or a tool could not be prepared; 2 the command line was wrong`;

runCommand(main);

async function main(argv: string[]): Promise<number> {
  if (argv.length > 0) {
    const asked = argv.every((it) => ["-h", "--help"].includes(it));
    if (asked) say(HELP);
    else console.error(`npm run check:workflows takes no arguments, got "${argv.join(" ")}"`);
    return asked ? 0 : 2;
  }
  const { signal } = catchInterrupts();
  try {
    const requirements = join(__dirname, "requirements.txt");
    const python = await venvPython({ name: "zizmor", owner: "zizmor", requirements }, signal);
    const checks: readonly (readonly [title: string, command: string, args: string[]])[] = [
      ["actionlint", await actionlint(signal), ["-no-color"]],
      // The strictest that asks for no judgement; what a person must weigh is in .github/zizmor.yml.
      ["zizmor", join(python, "..", "zizmor"), ["--offline", "--pedantic", "--no-progress", "."]],
    ];
    let clean = true;
    for (const [title, command, args] of checks) {
      const { code, lines } = await run(command, args, { cwd: ROOT, signal });
      for (const line of lines) say(`  ${line}`);
      say(`${title}: ${code === 0 ? "nothing found" : "failed"}`);
      clean &&= code === 0;
    }
    return clean ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    console.error(messageOf(error));
    return 1;
  }
}

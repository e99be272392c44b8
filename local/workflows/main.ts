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

Checks the GitHub workflows offline with actionlint (errors) and zizmor (security). The first run installs and caches
both: actionlint is built with Go 1.25 or newer, zizmor is installed from the Python package index.

Exit codes: 0 no findings; 1 findings, or a tool could not be installed; 2 invalid command line`;

runCommand(main);

async function main(argv: string[]): Promise<number> {
  if (argv.length > 0) {
    const asked = argv.every((it) => ["-h", "--help"].includes(it));
    if (asked) say(HELP);
    else console.error(`npm run check:workflows has no arguments, got "${argv.join(" ")}"`);
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
      say(`${title}: ${code === 0 ? "no findings" : "failed"}`);
      clean &&= code === 0;
    }
    return clean ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    console.error(messageOf(error));
    return 1;
  }
}

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { runCommand } from "../runCommand";
import { INTERRUPTED, catchInterrupts } from "../interrupt";
import { venvPython } from "../venv";
import { run } from "../processes";
import { print } from "../../../lib/progress";
import { messageOf } from "../../../lib/errors";
import { actionlint } from "./actionlint";

const ROOT = join(__dirname, "..", "..", "..");

runCommand(main);

/** Workflows of this repository, and those that a starter brings. */
function workflows(): string[] {
  return [".github/workflows", "starter/model-build/.github/workflows"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((file) => join(folder, file)),
  );
}

/** `npm run check -- workflows`: actionlint finds errors, zizmor security problems; both offline. */
async function main(): Promise<number> {
  const { signal } = catchInterrupts();
  try {
    const requirements = join(__dirname, "requirements.txt");
    const python = await venvPython({ name: "zizmor", owner: "zizmor", requirements }, signal);
    const checks: readonly (readonly [title: string, command: string, args: string[]])[] = [
      ["actionlint", await actionlint(signal), ["-no-color", ...workflows()]],
      // The strictest that asks for no judgement; what a person must weigh is in .github/zizmor.yml.
      ["zizmor", join(python, "..", "zizmor"), ["--offline", "--pedantic", "--no-progress", "."]],
    ];
    let clean = true;
    for (const [title, command, args] of checks) {
      const { code, lines } = await run(command, args, { cwd: ROOT, signal });
      for (const line of lines) print(`  ${line}`);
      print(`${title}: ${code === 0 ? "no findings" : "failed"}`);
      clean &&= code === 0;
    }
    return clean ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    console.error(messageOf(error));
    return 1;
  }
}

import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";

import { engineEnvironment } from "../../cloud/environment";
import { run } from "../../toolchain/processes";
import { print } from "../../../lib/progress";

// A CLI that was built from source has none; the official one has.
const NO_LANGUAGE = "no language plugin 'pulumi-language-nodejs' found";

/** Has the Pulumi CLI make the project of the template, without a stack and without installing what it needs. */
export async function newProject(
  template: string,
  project: string,
  where: { readonly command: string; readonly scratch: string; readonly signal: AbortSignal },
): Promise<void> {
  const { command, scratch, signal } = where;
  mkdirSync(join(scratch, "state"), { recursive: true });
  const env = { ...process.env, ...engineEnvironment({ scratch, binaries: [] }) };
  const name = basename(project);
  const about = ["--name", name, "--description", `Model build of ${name}`, "--dir", project];
  const quiet = ["--generate-only", "--yes", "--non-interactive", "--color", "never"];
  const all = ["new", template, ...about, ...quiet];
  const { code, lines } = await run(command, all, { cwd: scratch, env, signal });
  const output = lines.join("\n");
  // Said when all is generated, as the CLI looks for something to install.
  const isGenerated = output.includes(`Created project '${name}'`) && output.includes(NO_LANGUAGE);
  if (code !== 0 && !isGenerated) throw new Error(`pulumi new:\n${output}`);
  for (const line of lines.filter((one) => one !== "")) print(`    ${line}`);
  if (code !== 0)
    print(
      "    (a Pulumi CLI built from source has no Node.js language host; the project is complete)",
    );
}

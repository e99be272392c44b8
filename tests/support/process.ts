import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** Result of a process. */
export interface ProcessResult {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/**
 * Options of Node that load TypeScript: tsx, as for `npm run`. Coverage merges processes by offsets
 * in the code that Node runs, so a process with coverage needs the transpiler of mocha.
 */
export const typeScriptOptions: readonly string[] = process.env.NODE_V8_COVERAGE
  ? ["--require", require.resolve("ts-node/register/transpile-only")]
  : ["--import", require.resolve("tsx")];

/** Runs a TypeScript file of this repository as `npm run` does. */
export async function runFile(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ProcessResult> {
  const command = [...typeScriptOptions, join(root, file), ...args];
  const child = spawn(process.execPath, command, { cwd: root, env: { ...process.env, ...env } });
  let [stderr, stdout] = ["", ""];
  child.stderr.on("data", (part) => (stderr += String(part)));
  child.stdout.on("data", (part) => (stdout += String(part)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stderr, stdout };
}

/** PATH of a machine with Node only, or with programs that print what these scripts say. */
export class TestPath {
  readonly folder = mkdtempSync(join(tmpdir(), "test-path-"));

  constructor() {
    symlinkSync(process.execPath, join(this.folder, "node"));
  }

  /** Adds a program: JavaScript that sees its arguments in `args`. */
  add(name: string, script: string): void {
    const file = join(this.folder, name);
    const head = "#!/usr/bin/env node\nconst args = process.argv.slice(2);\n";
    writeFileSync(file, head + script);
    chmodSync(file, 0o755);
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

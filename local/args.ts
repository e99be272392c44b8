import { parseArgs } from "node:util";

import { cachePath } from "./prepare/cache";

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  readonly preview: boolean;
  readonly stack: string;
}

/** Reads the command line; throws a one-line error for anything that it does not know. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: "boolean", short: "h", default: false },
      preview: { type: "boolean", default: false },
      stack: { type: "string", default: "dev" },
    },
  });
  // The name becomes part of a file name and of a command line.
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(values.stack)) {
    throw new Error(`--stack must be a stack name, e.g. "dev", got "${values.stack}"`);
  }
  return values;
}

/** The text of --help. */
export function helpText(): string {
  return `npm run local [-- options]

Runs this program on a local cloud: the real Pulumi engine against an emulated AWS API on this
machine. It previews, deploys, reads everything back, deploys again (nothing may change) and
destroys. No AWS account, profile or Pulumi login is read, and nothing but this machine is changed.

Options
  --stack NAME   use Pulumi.NAME.yaml (default: dev)
  --preview      only preview, from cold; print its time and this process's peak memory
  -h, --help     show this

Needs
  Node.js and this project's npm packages, and Python 3.10 or newer (on Debian: python3-venv).
  Prepared on the first run, and kept in the cache:
  - a Pulumi CLI, if none that is new enough is on PATH: downloaded, else built with Go (minutes)
  - a Python virtual environment with the emulator

Cache
  ${cachePath(process.env)}
  (set MODEL_BUILD_PIPELINE_CACHE, or XDG_CACHE_HOME, to move it; safe to delete)

Exit codes
  0  every step held
  1  a step failed
  2  the command line was wrong
  130  stopped by Ctrl-C; nothing is left running`;
}

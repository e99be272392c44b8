import { join } from "node:path";
import { parseArgs } from "node:util";

import { stackFileOf } from "../cloud/project";

const ROOT = join(__dirname, "..", "..");

/** The text of --help. */
export const HELP = `npm run bench [-- options]

Measures a cold pulumi preview of this program and of an empty program on the local cloud: same engine,
same settings, separate processes, alternating. An empty program creates no resources and starts no aws
provider; the figures of this program include the start of the provider.

Then measures programs of 1, 10 and 100 projects under mocks, beside bare resources of the same number,
with and without stack traces.

Options
  --runs N      number of previews of each program (default: 5); the table shows medians
  --stack NAME  use Pulumi.NAME.yaml (default: dev)
  -h, --help    show this

Exit codes: 0 measured, 1 failed, 2 invalid command line, 130 stopped by Ctrl-C`;

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  readonly runs: number;
  readonly stack: string;
}

/** Reads the command line; throws a one-line error for anything that it does not know. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: "boolean", short: "h", default: false },
      runs: { type: "string", default: "5" },
      stack: { type: "string", default: "dev" },
    },
  });
  if (!/^[1-9]\d?$/.test(values.runs)) {
    throw new Error(`--runs must be a number from 1 to 99; got "${values.runs}"`);
  }
  stackFileOf(ROOT, values.stack);
  return { ...values, runs: Number(values.runs) };
}

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

import { type Overrides, parseOverride } from "./override";
import { cachePath } from "./prepare/cache";
import { type SourceName, isSourceName, sourceNames } from "./sources";

/** What the command line asks for. */
export interface Options {
  /** Folder of the code to push in place of the starter. */
  readonly code?: string | undefined;
  readonly end: boolean;
  readonly help: boolean;
  readonly keep: boolean;
  /** Whether builds and jobs run in a private network that another team has. */
  readonly network: boolean;
  readonly preview: boolean;
  readonly settings: Overrides;
  readonly source?: SourceName | undefined;
  readonly stack: string;
}

/** Reads the command line; throws a one-line error for anything that it does not know. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      code: { type: "string" },
      end: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      keep: { type: "boolean", default: false },
      network: { type: "string" },
      preview: { type: "boolean", default: false },
      set: { type: "string", multiple: true, default: [] },
      source: { type: "string" },
      stack: { type: "string", default: "dev" },
    },
  });
  // The name becomes part of a file name and of a command line.
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(values.stack)) {
    throw new Error(`--stack must be a stack name, e.g. "dev", got "${values.stack}"`);
  }
  const { source } = values;
  if (source !== undefined && !isSourceName(source)) {
    throw new Error(`--source must be one of ${sourceNames.join(", ")}, got "${source}"`);
  }
  const modes = (["end", "keep", "preview"] as const).filter((mode) => values[mode]);
  if (modes.length > 1) throw new Error(`--${modes.join(" and --")} exclude each other`);
  if (values.code !== undefined && !existsSync(values.code)) {
    throw new Error(`--code must be the folder of a repository, got "${values.code}"`);
  }
  const { network } = values;
  if (network !== undefined && network !== "existing") {
    throw new Error(
      `--network must be existing, got "${network}": a network is made by a plugin that only AWS can show`,
    );
  }
  return {
    ...values,
    network: network !== undefined,
    settings: Object.fromEntries(values.set.map(parseOverride)),
    source,
  };
}

/** The text of --help. */
export function helpText(): string {
  return `npm run local [-- options]

Runs this program on a local cloud: the real Pulumi engine against an emulated AWS API on this
machine. No AWS account, profile or Pulumi login is read, and nothing but this machine is changed.

What it does, each a step that must hold
  - preview, up (a repository that is made gets its first commit), read everything back from the AWS API
  - the rehearsal: a push starts the deployed pipeline, its build really runs, every call is judged
    by an IAM policy simulator, training runs here, and ends with a model version in the registry
  - up again and up --refresh (nothing may change)
  - change things by hand (bucket policy removed, rule disabled, role widened): up --refresh must
    name and repair exactly these
  - a stack that protects nothing: what builds made is cleared, then destroy must leave nothing
  - a stack that protects everything (prod): a changed name is refused at preview, destroy is
    refused; with protection lifted, destroy keeps the data, which is then imported and taken
    over by a new up. The commands for the same on AWS are printed.

Options
  --stack NAME   use Pulumi.NAME.yaml (default: dev)
  --source KIND  use an example of this kind of source instead of the stack's own:
                 codecommit  a repository that is created
                 existing    a repository of someone else, which must survive
                 connection  GitHub, GitLab or Bitbucket
  --network existing
                 run builds and jobs in a VPC of another team, which must survive
  --code DIR     push this folder's files instead of the starter: your own repository, for example
  --set KEY=VAL  a setting in place of the stack file's, e.g. --set artifacts.requireKey=false
                 (more than once if need be)
  --keep         stop after reading back, and leave the local cloud running; tells how to look,
                 how to work on its stack, and how to end it; npm run rehearse plays on it
  --end          end every local cloud that was kept in this working tree
  --preview      only preview, from cold; print its time and this process's peak memory
  -h, --help     show this

Runs do not disturb each other. What a killed run leaves behind is removed by the next one. Files
of runs are in .local/ of the working tree.

Needs
  Node.js and this project's npm packages, and Python 3.10 or newer (on Debian: python3-venv).
  Prepared on the first run, and kept in the cache:
  - a Pulumi CLI, if none that is new enough is on PATH: downloaded, else built with Go (minutes)
  - Python virtual environments: the emulator's, and one that stands for the image of training
The rehearsed build installs its packages each time, from the index that pip and uv are set to
(PIP_INDEX_URL, UV_DEFAULT_INDEX); what was fetched once is cached.

Cache
  ${cachePath(process.env)}
  (set MODEL_BUILD_PIPELINE_CACHE, or XDG_CACHE_HOME, to move it; safe to delete)

Exit codes
  0  every step held
  1  a step failed
  2  the command line was wrong
  130  stopped by Ctrl-C; nothing is left running`;
}

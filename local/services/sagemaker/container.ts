import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

import { type RunResult, run } from "../../toolchain/processes";
import type { Credentials, AwsContext } from "../../iam/contract";
import { filesIn } from "./s3Objects";

/** A folder that stands for the file system of a job's container. */
export interface Container {
  /** Stands for `/`. */
  readonly root: string;
  readonly python: string;
  readonly context: AwsContext;
  /** Of the job's role. */
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
}

interface Command {
  readonly line: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** As the container knows it. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
}

const OPT_ML = /(?<![\w.-])\/opt\/ml(?![\w-])/g;

/** What the container calls by this path, on this machine. */
export function inContainer({ root }: Pick<Container, "root">, text: string): string {
  return text.replace(OPT_ML, join(root, "opt", "ml"));
}

/** The other way round: what this machine says, as the container would have said it. */
function outside({ root }: Container, text: string): string {
  return text.replaceAll(join(root, "opt", "ml"), "/opt/ml");
}

/** Runs a command as the container would, with nothing of the user's environment. */
export async function runIn(container: Container, command: Command): Promise<RunResult> {
  const [program = "", ...args] = command.line.map((part) => inContainer(container, part));
  const folder = inContainer(container, command.folder);
  const home = join(container.root, "root");
  const temporary = join(container.root, "tmp");
  for (const path of [folder, home, temporary]) mkdirSync(path, { recursive: true });

  const given = Object.entries(command.environment).map(
    ([name, value]) => [name, inContainer(container, value)] as const,
  );
  const env = {
    ...basics(container),
    HOME: home,
    TMPDIR: temporary,
    ...Object.fromEntries(given),
  };
  const { code, lines } = await run(standIn(program, container), args, {
    cwd: folder,
    env,
    onLine: (line) => {
      command.onLine(outside(container, line));
    },
    signal: container.signal,
  });
  return { code, lines: lines.map((line) => outside(container, line)) };
}

/** Scripts that name /opt/ml find it where it is on this machine; nothing else of them changes. */
export function moveScripts(container: Pick<Container, "root">, folder: string): void {
  for (const file of filesIn(folder)) {
    if (!/\.(py|sh)$/.test(file)) continue;
    const text = readFileSync(file, "utf8");
    const moved = inContainer(container, text);
    if (moved !== text) writeFileSync(file, moved);
  }
}

/** Replaces any Python of the image by the local one. */
function standIn(program: string, { python }: Container): string {
  return /^python(3(\.\d+)?)?$/.test(basename(program)) ? python : program;
}

function basics({ credentials, python, context }: Container): Record<string, string> {
  return {
    PATH: [dirname(python), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    LANG: "C.UTF-8",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    NO_PROXY: "127.0.0.1,localhost",
    AWS_ENDPOINT_URL: context.proxy.endpoint,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

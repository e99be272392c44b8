import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { run } from "./processes";
import { type Report, withProgress } from "../../lib/progress";
import { cacheFolder } from "./cache";
import { withLock } from "./lock";

/** The programs that stand for those of the images of builds, jobs and endpoints. */
export interface Programs {
  readonly buildPython: string;
  readonly jobPython: string;
  readonly servingPython: string;
}

const ASK_VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])";

interface Venv {
  /** Starts the name of its folder in the cache. */
  readonly name: string;
  /** For people: whose Python this is, for example `the emulator`. */
  readonly owner: string;
  /** A file of requirements, each pinned by checksum. */
  readonly requirements: string;
  /** Whether the file has overrides, so that pip must not compare it with what packages require. */
  readonly hasOverrides?: boolean;
}

/** A Python that has exactly what the emulator's requirements.txt pins. */
export function emulatorPython(signal: AbortSignal): Promise<string> {
  const requirements = join(__dirname, "..", "cloud", "emulator", "requirements.txt");
  return venvPython({ name: "emulator", owner: "the emulator", requirements }, signal);
}

/** A Python that stands for the training image: exactly what job-requirements.txt pins. */
function jobPython(signal: AbortSignal): Promise<string> {
  const requirements = join(__dirname, "..", "services", "sagemaker", "job-requirements.txt");
  return venvPython({ name: "job", owner: "the Python environment of jobs", requirements }, signal);
}

/** A Python that stands for the serving image: exactly what serving-requirements.txt pins. */
function servingPython(signal: AbortSignal): Promise<string> {
  const requirements = join(__dirname, "..", "services", "hosting", "serving-requirements.txt");
  const owner = "the Python environment of endpoints";
  return venvPython({ hasOverrides: true, name: "serving", owner, requirements }, signal);
}

/** A Python that stands for the build image's: exactly what image-requirements.txt pins. */
function imagePython(signal: AbortSignal): Promise<string> {
  const requirements = join(__dirname, "..", "services", "codebuild", "image-requirements.txt");
  const owner = "the Python environment of builds";
  return venvPython({ name: "image", owner, requirements }, signal);
}

/** The Python environments of builds, jobs and endpoints, created if they are missing. */
export async function preparePrograms(signal: AbortSignal): Promise<Programs> {
  return {
    buildPython: await imagePython(signal),
    jobPython: await jobPython(signal),
    servingPython: await servingPython(signal),
  };
}

/** A Python that has exactly what the requirements pin; built once per Python version and pin. */
export async function venvPython(venv: Venv, signal: AbortSignal): Promise<string> {
  const { command, version } = await findPython(venv.owner, signal);
  const key = createHash("sha256")
    .update(readFileSync(venv.requirements))
    .update(version)
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheFolder(), `${venv.name}-${key}`);
  const python = join(folder, "bin", "python");
  const isComplete = (): boolean => existsSync(join(folder, ".complete")) && existsSync(python);
  if (isComplete()) return python;

  await withProgress(`preparing ${venv.owner} with Python ${version}`, (report) =>
    withLock(`${folder}.lock`, report, signal, async () => {
      if (!isComplete()) await build(command, folder, venv, report, signal);
    }),
  );
  return python;
}

/** A virtual environment knows its own path, so it is created in place and marked complete last. */
async function build(
  command: string,
  folder: string,
  { hasOverrides = false, requirements }: Venv,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  report("creating a virtual environment");
  const made = await run(command, ["-m", "venv", folder], { signal });
  if (made.code !== 0) {
    throw new Error(
      `Python could not create a virtual environment (on Debian and Ubuntu: install python3-venv):\n` +
        made.lines.slice(-10).join("\n"),
    );
  }
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-color"];
  const alone = hasOverrides ? ["--no-deps"] : [];
  const installed = await run(
    join(folder, "bin", "python"),
    [...pip, ...alone, "--progress-bar", "off", "-r", requirements],
    {
      signal,
      onLine: (line) => {
        report(line.trim());
      },
    },
  );
  if (installed.code !== 0) {
    throw new Error(
      `pip could not install ${basename(requirements)}:\n${installed.lines.slice(-10).join("\n")}`,
    );
  }
  writeFileSync(join(folder, ".complete"), "");
}

async function findPython(
  owner: string,
  signal: AbortSignal,
): Promise<{ command: string; version: string }> {
  const seen: string[] = [];
  for (const command of ["python3", "python"]) {
    const version = await versionOf(command, signal);
    if (version === undefined) {
      seen.push(`${command}: not found`);
      continue;
    }
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major === 3 && minor >= 10) return { command, version };
    seen.push(`${command}: ${version}`);
  }
  throw new Error(
    `${owner} needs Python 3.10 or newer on PATH (on Debian and Ubuntu with python3-venv); ` +
      `found ${seen.join(", ")}`,
  );
}

async function versionOf(command: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { code, lines } = await run(command, ["-c", ASK_VERSION], { signal });
    return code === 0 ? lines.at(-1) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

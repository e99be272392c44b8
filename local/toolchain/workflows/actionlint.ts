import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";

import { cacheFolder } from "../cache";
import { withLock } from "../lock";
import { run } from "../processes";
import { type Report, withProgress } from "../../../lib/progress";

const VERSION = "1.7.12";

// go.mod and go.sum there pin every module of the build by checksum.
const MODULE = join(__dirname, "actionlint");

/**
 * The actionlint that is pinned here, built from source where it is first needed: as a package, it is an unpinned
 * download, or years old.
 */
export async function actionlint(signal: AbortSignal): Promise<string> {
  const program = join(cacheFolder(), `actionlint-${VERSION}`, "actionlint");
  if (existsSync(program)) return program;
  mkdirSync(dirname(program), { recursive: true });
  await withProgress(`building actionlint ${VERSION}`, (report) =>
    withLock(`${program}.lock`, report, signal, async () => {
      if (!existsSync(program)) await build(program, report, signal);
    }),
  );
  return program;
}

async function build(program: string, report: Report, signal: AbortSignal): Promise<void> {
  const unfinished = `${program}.unfinished`;
  // A go.work further up must not change the pins.
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const args = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-o", unfinished];
  const built = run("go", [...args, "github.com/rhysd/actionlint/cmd/actionlint"], {
    cwd: MODULE,
    env,
    signal,
    onLine: report,
  });
  const { code, lines } = await built.catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error("actionlint requires Go 1.25 or newer to build, and go is not on PATH", {
      cause: error,
    });
  });
  if (code !== 0) throw new Error(`go could not build actionlint:\n${lines.slice(-10).join("\n")}`);
  renameSync(unfinished, program);
}

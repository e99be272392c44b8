import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type RunResult, run } from "./processes";
import type { Report } from "../../lib/progress";

// go.mod and go.sum there pin every module of the build by checksum.
const MODULE = join(__dirname, "pulumi-cli");
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Builds the CLI into the empty folder `root` from the pinned sources. */
export async function buildFromSource(
  root: string,
  version: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  // Without cgo no C compiler is needed; a go.work further up must not change the pins.
  // An interrupted go leaves its work folder behind, so that folder is among what we remove.
  const work = join(root, "work");
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: work };
  const go = (args: string[], onLine: (line: string) => void): Promise<RunResult> =>
    run("go", args, { cwd: MODULE, env, signal, onLine }).then(mustSucceed, notThere);
  mkdirSync(work);

  report("go: fetching sources");
  let fetched = 0;
  let packages = 0;
  await go(["list", "-deps", "-mod=readonly", PACKAGE], (line) => {
    if (line.startsWith("go: downloading")) report(`go: ${(++fetched).toString()} modules fetched`);
    else packages += 1;
  });

  const total = packages.toString();
  let compiled = 0;
  report(`go: compiling ${total} packages`);
  const flags = ["-s", "-w", "-X", `${VERSION_VARIABLE}=v${version}`].join(" ");
  // -v prints a package as it is compiled; those in Go's build cache are not compiled again.
  const build = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-ldflags", flags];
  await go([...build, "-o", join(root, "bin", "pulumi"), PACKAGE], () => {
    report(`go: ${(++compiled).toString()} of up to ${total} packages compiled`);
  });
  rmSync(work, { recursive: true, force: true });
}

function notThere(error: unknown): never {
  const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
  throw absent ? new Error("Go is not on PATH", { cause: error }) : error;
}

function mustSucceed(result: RunResult): RunResult {
  if (result.code === 0) return result;
  throw new Error(
    `go exited with code ${result.code.toString()}:\n${result.lines.slice(-10).join("\n")}`,
  );
}

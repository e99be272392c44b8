import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "../../toolchain/processes";
import { SITE } from "../simulatedTime";

const SITE_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))";

/**
 * Python of a new build container: `python`, `python3` and `pip` with the packages of the image, boto3, and nothing that
 * an earlier build installed. Returns the folder of its commands.
 */
export async function freshPython(
  image: string,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  // Its pip is the image's: to install one takes seconds.
  await printed(image, ["-m", "venv", "--without-pip", folder], signal);
  const bin = join(folder, "bin");
  const own = await printed(join(bin, "python"), ["-c", SITE_PACKAGES], signal);
  const ofImage = await printed(image, ["-c", SITE_PACKAGES], signal);
  // Loaded also where a command sets another PYTHONPATH.
  writeFileSync(join(own, "image.pth"), `${ofImage}\n${SITE}\nimport sitecustomize\n`);
  const pip = `#!/bin/sh\nexec "${join(bin, "python")}" -m pip "$@"\n`;
  for (const name of ["pip", "pip3"]) writeFileSync(join(bin, name), pip, { mode: 0o755 });
  return bin;
}

async function printed(
  python: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { code, lines } = await run(python, [...args], { signal });
  if (code === 0) return lines.at(-1) ?? "";
  throw new Error(
    `cannot create a Python environment for the build:\n${lines.slice(-10).join("\n")}`,
  );
}

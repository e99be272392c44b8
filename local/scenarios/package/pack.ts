import { join } from "node:path";

import { mustRun } from "../../toolchain/mustRun";
import { scriptArguments } from "../npmScript";

const ROOT = join(__dirname, "..", "..", "..");

/** Builds the component package and packs it into `folder`; returns the tarball's path. */
export async function pack(folder: string, signal: AbortSignal): Promise<string> {
  await mustRun("build of the package", process.execPath, scriptArguments("package"), signal);
  const packing = ["pack", "--silent", "--pack-destination", folder, join(ROOT, "dist")];
  const lines = await mustRun("npm pack", "npm", packing, signal);
  return join(folder, lines.find((line) => line.endsWith(".tgz")) ?? "");
}

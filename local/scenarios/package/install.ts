import { mkdirSync, readFileSync, realpathSync, renameSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { run, mustRun } from "../../toolchain/processes";
import { scriptArguments } from "../npmScript";

const MODULES = join(__dirname, "..", "..", "..", "node_modules");

const versions = z.record(z.string(), z.string()).default({});
const manifest = z.object({
  name: z.string(),
  version: z.string().default(""),
  dependencies: versions,
  devDependencies: versions,
});

/**
 * Unpacks the tarball into the project's own `node_modules` and links beside it exactly what its `package.json` and the
 * project's ask for, from the packages installed here: as `npm install` would, without the network. A package that
 * neither declares is not found, since the project lies outside of this one.
 */
export async function install(tarball: string, folder: string, signal: AbortSignal): Promise<void> {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  const { code, lines } = await run("tar", ["-xzf", tarball, "-C", modules], { signal });
  if (code !== 0) throw new Error(`tar: ${lines.join("\n")}`);

  const { dependencies, name } = manifestIn(join(modules, "package"));
  renameSync(join(modules, "package"), join(modules, name));
  const project = manifestIn(folder);
  const { [name]: own, ...others } = { ...project.dependencies, ...project.devDependencies };
  if (own !== undefined && own !== `file:${basename(tarball)}`)
    throw new Error(`${name}: expected file:${basename(tarball)} in package.json, got ${own}`);
  for (const [dependency, wanted] of Object.entries({ ...others, ...dependencies }))
    link(dependency, wanted, modules);
  mustResolveIn(modules, name);
}

/** tsx prefers `paths` of this repository's `tsconfig.json` to the `node_modules` of any project. */
function mustResolveIn(modules: string, name: string): void {
  const found = createRequire(join(modules, "..", "index.ts")).resolve(name);
  if (!found.startsWith(join(realpathSync(modules), name)))
    throw new Error(`${name}: expected the packed package, got ${found}`);
}

function link(dependency: string, wanted: string, modules: string): void {
  const { version } = manifestIn(join(MODULES, dependency));
  // A range's lower end, so that the lowest version allowed is the version tested.
  if (![version, `^${version}`].includes(wanted))
    throw new Error(`${dependency}: package.json requires ${wanted}, installed is ${version}`);
  mkdirSync(dirname(join(modules, dependency)), { recursive: true });
  symlinkSync(join(MODULES, dependency), join(modules, dependency));
}

function manifestIn(folder: string): z.output<typeof manifest> {
  return manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

const ROOT = join(__dirname, "..", "..", "..");

/** Builds the component package and packs it into `folder`; returns the tarball's path. */
export async function pack(folder: string, signal: AbortSignal): Promise<string> {
  await mustRun("build of the package", process.execPath, scriptArguments("package"), signal);
  const packing = ["pack", "--silent", "--pack-destination", folder, join(ROOT, "dist")];
  const lines = await mustRun("npm pack", "npm", packing, signal);
  return join(folder, lines.find((line) => line.endsWith(".tgz")) ?? "");
}

/** Passes only if TypeScript, with the project's own config, finds nothing wrong in it. */
export async function mustTypeCheck(folder: string, signal: AbortSignal): Promise<void> {
  const check = [require.resolve("typescript/bin/tsc"), "-p", folder];
  await mustRun("type check", process.execPath, check, signal);
}

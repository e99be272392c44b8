import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { z } from "zod";

/** File of the first commit. */
export interface StarterFile {
  readonly content: Uint8Array;
  readonly isExecutable: boolean;
  /** Path relative to the root of the repository, with slashes. */
  readonly path: string;
}

/** Starter code of a new repository. */
export type Starter = "model-build" | "model-deploy";

/** All starters. */
export const starters: readonly Starter[] = ["model-build", "model-deploy"];

/** File of a whole starter beside the compiled component: npm renames `.gitignore` in packages. */
export function packedName(starter: Starter): string {
  return `starter-${starter}.json`;
}

/** Locations of starters: packed beside the compiled component, or folders of this project. */
const locations = { packed: join(__dirname, ".."), root: join(__dirname, "..", "..") };

/** Files of tools in a working copy, also without an entry in `.gitignore`. */
const toolFiles = [
  ".git",
  ".DS_Store",
  ".coverage",
  ".ipynb_checkpoints",
  ".venv",
  ".*_cache",
  "*.egg-info",
  "*.pyc",
  "__pycache__",
];

const packedShape = z.array(
  z.strictObject({ content: z.base64(), isExecutable: z.boolean(), path: z.string() }),
);

/**
 * Files of a starter, sorted by path.
 * @throws if this installation contains no starters
 */
export function starterFiles(
  starter: Starter,
  { packed: packedFolder, root } = locations,
): StarterFile[] {
  const packed = join(packedFolder, packedName(starter));
  if (existsSync(packed))
    return packedShape
      .parse(JSON.parse(readFileSync(packed, "utf8")))
      .map((file) => ({ ...file, content: Buffer.from(file.content, "base64") }));

  const folder = join(root, "starter", starter);
  if (!existsSync(folder))
    throw new Error(
      `this installation of model-build-pipeline came without the starter (starter/${starter}, or ${packedName(starter)} once packed)`,
    );
  const ignored = namesLike([...toolFiles, ...ignoredIn(join(folder, ".gitignore"))]);
  return pathsIn(folder, ignored)
    .map((path) => ({
      content: readFileSync(path),
      isExecutable: (statSync(path).mode & 0o100) !== 0,
      path: relative(folder, path).split(sep).join("/"),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Content of the file {@link packedName}. */
export function packed(files: readonly StarterFile[]): string {
  const entries = files.map((file) => ({
    ...file,
    content: Buffer.from(file.content).toString("base64"),
  }));
  return `${JSON.stringify(entries)}\n`;
}

function pathsIn(folder: string, ignored: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !ignored.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? pathsIn(path, ignored) : [path];
    });
}

/** Names in a `.gitignore`. Does not use git, which may not be installed. */
function ignoredIn(file: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  const names = lines
    .filter((line) => !/^(#|\s*$)/.test(line))
    .map((line) => line.replace(/\/$/, ""));
  const unread = names.find((name) => !/^[\w.*-]+$/.test(name));
  if (unread !== undefined)
    throw new Error(
      `the starter's .gitignore must be a list of names, with or without *, for example "*.log"; got "${unread}"`,
    );
  return names;
}

function namesLike(patterns: readonly string[]): RegExp {
  const alternatives = patterns.map((it) => it.replaceAll(".", "\\.").replaceAll("*", ".*"));
  return new RegExp(`^(${alternatives.join("|")})$`);
}

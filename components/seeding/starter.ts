import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { z } from "zod";

/** One file of a first commit. */
export interface StarterFile {
  readonly content: Uint8Array;
  readonly isExecutable: boolean;
  /** Relative to the repository's root, with slashes. */
  readonly path: string;
}

/** What a new repository starts from. */
export type Starter = "model-build" | "model-deploy";

/** Every starter. */
export const starters: readonly Starter[] = ["model-build", "model-deploy"];

/** The file beside the compiled component that holds a whole starter: npm packs no `.gitignore` as it is. */
export function packedName(starter: Starter): string {
  return `starter-${starter}.json`;
}

/** Where starters are: packed beside the compiled component, or in the project's own folders. */
const places = { packed: join(__dirname, ".."), root: join(__dirname, "..", "..") };

/** Code of this project that a starter's repository runs itself, at the same path as here. */
const alongWith: Record<Starter, readonly string[]> = {
  "model-build": [],
  "model-deploy": [
    "endpoint",
    "components/checks/problems.ts",
    "components/checks/rules.ts",
    "components/outputs/contract.ts",
    "components/outputs/modelBuildOutputs.ts",
  ],
};

/** What tools leave in a working copy, whether its `.gitignore` names them or not. */
const leftovers = [
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
 * The code for a new repository, by path.
 * @throws if this installation has none
 */
export function starterFiles(starter: Starter, { packed: beside, root } = places): StarterFile[] {
  const packed = join(beside, packedName(starter));
  if (existsSync(packed))
    return packedShape
      .parse(JSON.parse(readFileSync(packed, "utf8")))
      .map((file) => ({ ...file, content: Buffer.from(file.content, "base64") }));

  const folder = join(root, "starter", starter);
  if (!existsSync(folder))
    throw new Error(
      `this installation of model-build-pipeline came without the starter (starter/${starter}, or ${packedName(starter)} once packed)`,
    );
  const ignored = namesLike([...leftovers, ...ignoredIn(join(folder, ".gitignore"))]);
  const along = alongWith[starter].flatMap((path) => filesAt(join(root, path), ignored));
  return [...read(pathsIn(folder, ignored), folder), ...read(along, root)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

function read(paths: readonly string[], from: string): StarterFile[] {
  return paths.map((path) => ({
    content: readFileSync(path),
    isExecutable: (statSync(path).mode & 0o100) !== 0,
    path: relative(from, path).split(sep).join("/"),
  }));
}

function filesAt(path: string, ignored: RegExp): string[] {
  return statSync(path).isDirectory() ? pathsIn(path, ignored) : [path];
}

/** The text of {@link packedName}, which keeps what a package would lose. */
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

/** The names that a `.gitignore` leaves out; git itself may not be installed. */
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

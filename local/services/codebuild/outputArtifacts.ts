import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

import { z } from "zod";

import { archiveOf, type Files } from "../codepipeline/sourceFiles";
import type { ArtifactPlace } from "./buildInput";
import type { Buildspec } from "./buildspec";

const artifactShape = {
  "base-directory": z.string().optional(),
  "discard-paths": z.union([z.boolean(), z.enum(["yes", "no", "true", "false"])]).optional(),
  files: z.array(z.string()).default([]),
  // CodePipeline names its artifacts itself.
  name: z.string().optional(),
};
const artifactsShape = z.strictObject({
  ...artifactShape,
  "secondary-artifacts": z.record(z.string(), z.strictObject(artifactShape)).default({}),
});

/** Puts an archive, or a file, to its place. */
export type Put = (place: ArtifactPlace, content: Uint8Array) => Promise<void>;

/**
 * Makes the build's output artifacts and puts each to its place: a single one of what the buildspec says at the top of
 * `artifacts`, several of `secondary-artifacts` by their names; without packaging, the files themselves. Returns why it could not, in CodeBuild's words.
 * @throws Error naming each key of which the end-to-end run makes nothing
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export async function putOutputs(
  { artifacts = {} }: Pick<Buildspec, "artifacts">,
  folder: string,
  places: ReadonlyMap<string, ArtifactPlace>,
  put: Put,
  packaging: "NONE" | "ZIP" = "ZIP",
): Promise<string | undefined> {
  if (places.size === 0) return undefined;
  const { data, error } = artifactsShape.safeParse(artifacts);
  if (error !== undefined) {
    throw new Error(
      `the local cloud does not simulate these artifacts of the buildspec:\n${z.prettifyError(error)}`,
    );
  }
  for (const [name, place] of places) {
    const wanted = places.size === 1 ? data : data["secondary-artifacts"][name];
    const files = wanted === undefined ? undefined : filesOf(wanted, folder);
    if (typeof files === "string") return failed(files);
    if (files === undefined) return failed(`no definition for secondary artifact ${name} found`);
    if (packaging === "ZIP") await put(place, archiveOf(files));
    else
      for (const [path, content] of Object.entries(files))
        await put({ ...place, key: `${place.key}/${path}` }, content);
  }
  return undefined;
}

function failed(message: string): string {
  return `Phase: UPLOAD_ARTIFACTS, Code: CLIENT_ERROR, Message: ${message}`;
}

/** The files by their paths in the archive, or the error. */
function filesOf(
  wanted: Omit<z.output<typeof artifactsShape>, "secondary-artifacts">,
  folder: string,
): Files | string {
  const base = wanted["base-directory"] ?? ".";
  const from = join(folder, base);
  if (!existsSync(from)) return `no matching base directory path found for ${base}`;
  const discards = ["true", "yes"].includes(String(wanted["discard-paths"]));
  const found = wanted.files.flatMap((pattern) => matching(pattern, from));
  if (found.length === 0) return "no matching artifact paths found";
  return Object.fromEntries(
    found.map((path) => [discards ? basename(path) : path, readFileSync(join(from, path))]),
  );
}

/** Paths of files below the folder: a path as it stands, or `*` within one folder and `**` through all of them. */
function matching(pattern: string, folder: string): string[] {
  const wanted = pattern.replace(/^\.\//, "");
  if (!wanted.includes("*")) {
    const file = join(folder, wanted);
    return isFile(file) ? [relative(folder, file)] : [];
  }
  const source = wanted
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => wildcards[part] ?? part.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&"))
    .join("");
  const regex = new RegExp(`^${source}$`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => regex.test(path) && isFile(join(folder, path)))
    .sort();
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

const wildcards: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
};

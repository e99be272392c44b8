import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Project, ProjectCache } from "@aws-sdk/client-codebuild";
import { z } from "zod";

import type { Buildspec } from "./buildspec";

const cacheShape = z.strictObject({ paths: z.array(z.string()).default([]) }).prefault({});

/** Folders of the source that a project's next build on the same host finds as this one left them. */
export interface BuildCache {
  /** Before the source is there, whose files win. */
  readonly restore: (source: string) => void;
  /** However the build ended: on AWS these folders are links to the host's own. */
  readonly keep: (source: string) => void;
}

/**
 * The local cache of the project, below `root`; folders move by their names, so that it costs nothing.
 * @throws Error naming the kind of cache, or the path, that is not simulated
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
 */
export function buildCache(
  { cache, name = "" }: Project,
  buildspec: Pick<Buildspec, "cache">,
  root: string,
): BuildCache {
  const { modes = [], type = "NO_CACHE" }: Partial<ProjectCache> = cache ?? {};
  if (type !== "NO_CACHE" && type !== "LOCAL")
    throw new Error(`${name}: the local cloud does not simulate a build cache of type ${type}`);
  // Of code that comes from CodePipeline there is no Git metadata to keep.
  const other = modes.find((mode) => !/^LOCAL_(CUSTOM|SOURCE)_CACHE$/.test(mode));
  if (other !== undefined)
    throw new Error(`${name}: the local cloud does not simulate the cache mode ${other}`);
  const isKept = type === "LOCAL" && modes.includes("LOCAL_CUSTOM_CACHE");
  const paths = isKept ? cacheShape.parse(buildspec.cache).paths.map(folderOf) : [];
  return {
    restore: (source) => {
      for (const path of paths) move(join(root, name, path), join(source, path));
    },
    keep: (source) => {
      for (const path of paths) move(join(source, path), join(root, name, path));
    },
  };
}

/** A local cache keeps folders only, however much of them the path names. */
function folderOf(path: string): string {
  const folder = path.replace(/^\.\//, "").replace(/(\/\*{1,2})*\/?$/, "");
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(folder) || folder.split("/").includes("..")) {
    throw new Error(
      `cache path "${path}" must be a folder in the source, for example "node_modules/**/*"`,
    );
  }
  return folder;
}

function move(from: string, to: string): void {
  if (!existsSync(from) || !statSync(from).isDirectory()) return;
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder that outlives runs and working trees; made if missing. */
export function cacheFolder(): string {
  const folder = cachePath(process.env);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Where {@link cacheFolder} would be for this environment; touches nothing. */
export function cachePath(env: NodeJS.ProcessEnv): string {
  const own = env.MODEL_BUILD_PIPELINE_CACHE;
  if (own) return resolve(own);

  const shared = env.XDG_CACHE_HOME;
  return join(shared ? resolve(shared) : join(homedir(), ".cache"), "model-build-pipeline");
}

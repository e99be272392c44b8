import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";
import { z } from "zod";

// They belong to the stack's real backend: the copy is encrypted, if at all, by a throw-away one.
const ENCRYPTION = ["secretsprovider", "encryptedkey", "encryptionsalt"];

const projectFile = z.object({ name: z.string() });
const stackFile = z.record(z.string(), z.unknown()).nullable();

/**
 * Copies what the engine needs of the project to `folder`, where the engine may write. Returns the
 * project's name.
 */
export function copyProject(root: string, stack: string, folder: string): string {
  const file = stackFileOf(root, stack);
  const settings = stackFile.parse(parse(readFileSync(join(root, file), "utf8"))) ?? {};
  const secret = firstSecret(settings.config);
  if (secret !== undefined) {
    throw new Error(
      `${file}: ${secret} is encrypted for the stack's real backend, so the local cloud cannot read it`,
    );
  }

  mkdirSync(join(folder, "state"), { recursive: true });
  const project = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  const kept = Object.entries(settings).filter(([key]) => !ENCRYPTION.includes(key));
  writeFileSync(join(folder, file), stringify(Object.fromEntries(kept)));
  return projectFile.parse(parse(project)).name;
}

/** The name of the stack's file; throws with those that exist if it is missing. */
export function stackFileOf(root: string, stack: string): string {
  const file = `Pulumi.${stack}.yaml`;
  if (existsSync(join(root, file))) return file;

  const others = readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  throw new Error(`${file} does not exist; there are: ${others.join(", ") || "none"}`);
}

/** The path of the first encrypted value; values may nest. */
function firstSecret(value: unknown, path = ""): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("secure" in value && typeof value.secure === "string") return path;

  for (const [key, child] of Object.entries(value)) {
    const found = firstSecret(child, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

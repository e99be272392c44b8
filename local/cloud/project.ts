import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";
import { z } from "zod";

import { parseYaml } from "../toolchain/yaml";
import { type Overrides, keysOf, withOverride } from "./override";

// They belong to the stack's real backend: the copy is encrypted, if at all, by a throw-away one.
const ENCRYPTION = ["secretsprovider", "encryptedkey", "encryptionsalt"];

const projectFile = z.object({ name: z.string() });
const anyFile = z.record(z.string(), z.unknown());
const stackFile = anyFile.nullable();

/**
 * Copies what the engine needs of the project to `folder`, where the engine may write, with the
 * given settings, by their paths, instead of the stack's. Returns the project's name.
 */
export function copyProject(
  root: string,
  stack: string,
  folder: string,
  instead: Overrides,
): string {
  const file = stackFileOf(root, stack);
  const settings = stackFile.parse(contentOf(root, file)) ?? {};
  const secret = firstSecret(settings.config);
  if (secret !== undefined) {
    throw new Error(
      `${file}: the local cloud cannot decrypt ${secret}: it is encrypted by the secrets provider of the stack`,
    );
  }

  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const { name } = projectFile.parse(contentOf(root, "Pulumi.yaml"));
  const kept = Object.entries(settings).filter(([key]) => !ENCRYPTION.includes(key));
  // The local cloud has credentials of its own.
  const { "aws:profile": _, ...others } = anyFile.parse(settings.config ?? {});
  let config = others;
  for (const [path, value] of Object.entries(instead)) {
    const [first = "", ...deeper] = keysOf(path) ?? [path];
    // A key of a provider, for example aws:defaultTags, has its namespace already.
    const key = first.includes(":") ? first : `${name}:${first}`;
    config = withOverride(config, [key, ...deeper], value);
  }
  writeFileSync(join(folder, file), stringify({ ...Object.fromEntries(kept), config }));
  return name;
}

/** Copies the project's files in `folder` to one inside it, less the runtime; returns its path. */
export function copyWithoutRuntime(folder: string): string {
  const copy = join(folder, "without-runtime");
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(folder).filter((one) => /^Pulumi\..*yaml$/.test(one))) {
    const { runtime: _, ...rest } = anyFile.parse(contentOf(folder, name));
    writeFileSync(join(copy, name), stringify(rest));
  }
  return copy;
}

/** The settings of a stack file that begin so, less that. */
export function stackSettings(
  root: string,
  stack: string,
  prefix: string,
): Record<string, unknown> {
  const content = contentOf(root, stackFileOf(root, stack));
  const { config = {} } = z.object({ config: anyFile.optional() }).parse(content);
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** The name of the stack's file; throws with those that exist if it is missing. */
export function stackFileOf(root: string, stack: string): string {
  const file = `Pulumi.${stack}.yaml`;
  if (existsSync(join(root, file))) return file;

  const others = readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  throw new Error(`${file} does not exist; existing stacks: ${others.join(", ") || "none"}`);
}

function contentOf(folder: string, file: string): unknown {
  return parseYaml(readFileSync(join(folder, file), "utf8"), file).document.toJS();
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

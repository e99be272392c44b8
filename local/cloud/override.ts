import { z } from "zod";

/** A setting that takes the place of the stack file's: its path, such as `artifacts.requireKey`, and its value. */
export type Overrides = Readonly<Record<string, unknown>>;

const anyObject = z.record(z.string(), z.unknown());

const example = `for example "artifacts.requireKey=false" or 'build.environment["my.key"]=1'`;

/** Reads `KEY=VALUE` as path and value; a value that is no JSON is a text. */
export function parseOverride(text: string): [path: string, value: unknown] {
  const [, path, value] = /^((?:[^="]|"[^"]*")+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined || keysOf(path) === undefined) {
    // The value may be a secret.
    const [key = ""] = text.split("=");
    throw new Error(`--set must be KEY=VALUE, ${example}; got the key "${key}"`);
  }
  try {
    const parsed: unknown = JSON.parse(value);
    return [path, parsed];
  } catch {
    return [path, value];
  }
}

/** Keys of a path: with dots between them, or as `["key"]`; undefined if it is none. */
export function keysOf(path: string): string[] | undefined {
  const key = /^(?:\.?([^.[\]"\s]+)|\["([^"]+)"\])/;
  const keys: string[] = [];
  for (let rest = path; rest !== "";) {
    const [found, plain, quoted] = key.exec(rest) ?? [];
    // A dot stands before every plain key but the first.
    if (found === undefined || (plain !== undefined && found.startsWith(".") !== keys.length > 0))
      return undefined;
    keys.push(plain ?? quoted ?? "");
    rest = rest.slice(found.length);
  }
  return keys.length === 0 ? undefined : keys;
}

/** A copy of `settings` with the value at the path of keys; what lies beside it stays. */
export function withOverride(
  settings: Overrides,
  [key = "", ...deeper]: readonly string[],
  value: unknown,
): Overrides {
  if (deeper.length === 0) return { ...settings, [key]: value };
  const inner = anyObject.safeParse(settings[key]);
  return { ...settings, [key]: withOverride(inner.success ? inner.data : {}, deeper, value) };
}

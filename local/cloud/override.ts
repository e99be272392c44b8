import { z } from "zod";

/** A setting that takes the place of the stack file's: its path, such as `artifacts.requireKey`, and its value. */
export type Overrides = Readonly<Record<string, unknown>>;

const anyObject = z.record(z.string(), z.unknown());

/** Reads `KEY=VALUE` as path and value; a value that is no JSON is a text. */
export function parseOverride(text: string): [path: string, value: unknown] {
  const [, path, value] = /^([A-Za-z]+(?:\.[A-Za-z]+)*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw new Error(
      `--set must be KEY=VALUE, for example "artifacts.requireKey=false"; got "${text}"`,
    );
  }
  try {
    const parsed: unknown = JSON.parse(value);
    return [path, parsed];
  } catch {
    return [path, value];
  }
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

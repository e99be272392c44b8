import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import type { z } from "zod";

const root = join(__dirname, "../..");

/** Text of a file of this repository. */
export function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Content of a YAML or JSON file of this repository. */
export function contentOf<T extends z.ZodType>(file: string, shape: T): z.output<T> {
  return shape.parse(parse(textOf(file)));
}

/** Names of the files in a folder of this repository that match, sorted. */
export function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => pattern.test(name))
    .sort();
}

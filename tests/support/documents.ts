import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The reviewed policy document `name`, from `tests/documents/`. */
export function reviewed(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "..", "documents", `${name}.json`), "utf8"));
}

/** The policy document of a resource input: an object, or its JSON. */
export function asDocument(policy: unknown): unknown {
  return typeof policy === "string" ? JSON.parse(policy) : policy;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A whole policy document as it was reviewed, from `tests/documents/`. */
export function reviewed(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "..", "documents", `${name}.json`), "utf8"));
}

/** A policy document as a resource was given it: an object, or its JSON. */
export function asDocument(policy: unknown): unknown {
  return typeof policy === "string" ? JSON.parse(policy) : policy;
}

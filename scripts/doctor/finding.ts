/** What one check came to: fine, something to fix before the first `pulumi up`, or only something to know. */
export interface Finding {
  readonly kind: "fix" | "note" | "ok";
  readonly what: string;
  /** What to do, or why a check could not be made. */
  readonly remedy?: string;
}

/** The finding that all is well. */
export function ok(what: string): Finding {
  return { kind: "ok", what };
}

/** The finding that something must be done first. */
export function fix(what: string, remedy: string): Finding {
  return { kind: "fix", what, remedy };
}

/** The finding that stops nobody. */
export function note(what: string, remedy: string): Finding {
  return { kind: "note", what, remedy };
}

/** A finding as one line, or more if what it speaks of has more. */
export function lineOf({ kind, remedy, what }: Finding): string {
  const text = remedy === undefined ? what : `${what}: ${remedy}`;
  return `${kind.padEnd(4)}  ${text.replaceAll("\n", "\n      ")}`;
}

/** What was thrown, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

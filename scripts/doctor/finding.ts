/** Result of a check: ok, a problem to fix, or a note. */
export interface Finding {
  readonly kind: "fix" | "note" | "ok";
  readonly what: string;
  /** Next step, or the reason why a check was not possible. */
  readonly remedy?: string;
}

/** Finding without a problem. */
export function ok(what: string): Finding {
  return { kind: "ok", what };
}

/** Finding that must be fixed; most of them before the first `pulumi up`. */
export function fix(what: string, remedy: string): Finding {
  return { kind: "fix", what, remedy };
}

/** Finding that does not prevent `pulumi up`. */
export function note(what: string, remedy: string): Finding {
  return { kind: "note", what, remedy };
}

/** Text of a finding: one line, or more if its parts have more. */
export function lineOf({ kind, remedy, what }: Finding): string {
  const text = remedy === undefined ? what : `${what}: ${remedy}`;
  return `${kind.padEnd(4)}  ${text.replaceAll("\n", "\n      ")}`;
}

/** Message of an error, or of any other thrown value. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** Stands for a value that nobody knows yet: AWS gives it in the update, or it is encrypted. */
export const notYet = Symbol("not known yet");

/** Properties as plain data, with {@link notYet} in the place of each value that is not known. */
export type Props = Readonly<Record<string, unknown>>;

/** A resource as the engine shows it, or as a state file has it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs, where one resource is judged; outputs, where the whole stack is. */
  readonly props: Props;
  readonly isProtected: boolean;
  /** URNs under which it was known before. */
  readonly aliases: readonly string[];
  /** By property, the URNs of the resources that its value comes from. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** The stack that a URN lies in. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.slice("urn:pulumi:".length) ?? "";
}

/** What a URN tells people: types and name. */
export function titleOf(urn: string): string {
  return urn.split("::").slice(2).join(" ");
}

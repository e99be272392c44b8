/** Marks an unknown value: AWS provides it in the update, or the state file encrypts it. */
export const unknownValue = Symbol("unknown value");

/** Properties as plain data, with {@link unknownValue} for each unknown value. */
export type Props = Readonly<Record<string, unknown>>;

/** Pulumi resource, from the engine or from a state file. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs for a resource rule, outputs for a stack rule. */
  readonly props: Props;
  readonly isProtected: boolean;
  /** Previous URNs. */
  readonly aliases: readonly string[];
  /** Property dependencies: by property, the URNs of the resources that provide its value. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** Stack name in a URN. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.slice("urn:pulumi:".length) ?? "";
}

/** Short form of a URN for messages: types and name. */
export function titleOf(urn: string): string {
  return urn.split("::").slice(2).join(" ");
}

import type { PolicyConfigSchema } from "@pulumi/policy";

import type { Props, Resource } from "./resource";

/** Security Hub control, for example `S3.5`, or AWS Config managed rule, in kebab case. */
type ControlId = `${string}.${number}` | `${Lowercase<string>}-${Lowercase<string>}`;

interface RuleText {
  /** In kebab case. The config of the pack switches a rule off by this name. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly description: string;
  /**
   * AWS controls that check the same, or the reason why there is none.
   *
   * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
   * @see https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
   */
  readonly controls: readonly [ControlId, ...ControlId[]] | { readonly none: string };
  readonly configSchema?: PolicyConfigSchema;
}

/** Rule for one resource. Checks the inputs before the engine creates the resource. */
export interface ResourceRule extends RuleText {
  readonly types: readonly string[];
  /** Inputs that the rule reads. */
  readonly inputs: readonly string[];
  /** One message for each violation: problem and fix. */
  readonly problems: (resource: Resource, config: Props) => string[];
}

/** Violation by a resource, or by the whole stack if there is no `urn`. */
export interface Finding {
  readonly urn?: string;
  readonly message: string;
  /** Set if unknown values make a violation neither certain nor impossible. */
  readonly unchecked?: boolean;
}

/** Rule for the whole stack. Checks the outputs of all resources together. */
export interface StackRule extends RuleText {
  readonly findings: (resources: readonly Resource[], config: Props) => Finding[];
}

/** Message of a violation, with the AWS controls of the rule: "... [S3.5]". */
export function withControls(message: string, { controls }: Pick<RuleText, "controls">): string {
  return "none" in controls ? message : `${message} [${controls.join(", ")}]`;
}

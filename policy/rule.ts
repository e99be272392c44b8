import type { PolicyConfigSchema } from "@pulumi/policy";

import type { Props, Resource } from "./resource";

interface RuleText {
  /** In kebab case. The config of the pack switches a rule off by this name. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly description: string;
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

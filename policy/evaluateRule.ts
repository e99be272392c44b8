import type { Props, Resource } from "./resource";
import type { ResourceRule } from "./rule";
import { unknownValue } from "./resource";

/** Result of one rule for one resource. */
export interface RuleResult {
  readonly problems: readonly string[];
  /** Inputs with an unknown value. */
  readonly unchecked: readonly string[];
}

/** Applies a rule to a resource. An unknown value is reported as unchecked, never as a problem. */
export function evaluateRule(rule: ResourceRule, resource: Resource, config: Props): RuleResult {
  if (!rule.types.includes(resource.type)) return { problems: [], unchecked: [] };
  return {
    problems: rule.problems(resource, config),
    unchecked: rule.inputs.filter((input) => resource.props[input] === unknownValue),
  };
}

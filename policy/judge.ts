import type { Props, Resource } from "./resource";
import type { ResourceRule } from "./rule";
import { notYet } from "./resource";

/** What one rule says of one resource that it is for. */
export interface Judgement {
  readonly problems: readonly string[];
  /** The properties that it could not see. */
  readonly unseen: readonly string[];
}

/** Applies a rule; what cannot be known yet is told, and is never a problem. */
export function judge(rule: ResourceRule, resource: Resource, config: Props): Judgement {
  if (!rule.types.includes(resource.type)) return { problems: [], unseen: [] };
  return {
    problems: rule.problems(resource, config),
    unseen: rule.reads.filter((property) => resource.props[property] === notYet),
  };
}

import type { Props, Resource } from "../../policy/resource";
import type { ResourceRule, StackRule } from "../../policy/rule";
import { resourceRules, stackRules } from "../../policy/rules";

/** Resource rule with a name. */
export function ruleNamed(name: string): ResourceRule {
  return findByName(resourceRules, name);
}

/** Stack rule with a name. */
export function stackRuleNamed(name: string): StackRule {
  return findByName(stackRules, name);
}

/** Resource of a test stack. */
export function resource(
  type: string,
  props: Props,
  { name = "it", stack = "dev", ...rest }: Partial<Resource> & { stack?: string } = {},
): Resource {
  const urn = `urn:pulumi:${stack}::project::${type}::${name}`;
  return { urn, type, name, props, isProtected: false, aliases: [], sources: {}, ...rest };
}

/** Policy document as JSON. */
export function document(...Statement: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** Allow statement of an identity policy. */
export function allow(Action: unknown, Resource: unknown, Condition: object = {}): object {
  return { Effect: "Allow", Action, Resource, Condition };
}

/** Allow statement of a trust policy. */
export function trusting(Principal: unknown, Condition: object = {}): object {
  return { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition };
}

function findByName<T extends { name: string }>(rules: readonly T[], name: string): T {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`The pack has no rule ${name}.`);
  return rule;
}

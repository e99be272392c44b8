import type { Props, Resource } from "../../policy/resource";
import type { ResourceRule, StackRule } from "../../policy/rule";
import { resourceRules, stackRules } from "../../policy/rules";

/** A rule for one resource by its name. */
export function ruleNamed(name: string): ResourceRule {
  return named(resourceRules, name);
}

/** A rule for a stack by its name. */
export function stackRuleNamed(name: string): StackRule {
  return named(stackRules, name);
}

/** A resource of somebody's stack. */
export function resource(
  type: string,
  props: Props,
  { name = "it", stack = "dev", ...rest }: Partial<Resource> & { stack?: string } = {},
): Resource {
  const urn = `urn:pulumi:${stack}::project::${type}::${name}`;
  return { urn, type, name, props, isProtected: false, aliases: [], sources: {}, ...rest };
}

/** A policy document as JSON. */
export function document(...Statement: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A statement that allows. */
export function allow(Action: unknown, Resource: unknown, Condition: object = {}): object {
  return { Effect: "Allow", Action, Resource, Condition };
}

/** A statement that trusts. */
export function trusting(Principal: unknown, Condition: object = {}): object {
  return { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition };
}

function named<T extends { name: string }>(rules: readonly T[], name: string): T {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return rule;
}

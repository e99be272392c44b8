import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";

import { judge } from "./judge";
import { plain } from "./plain";
import type { Props, Resource } from "./resource";
import type { ResourceRule, StackRule } from "./rule";

const configShape = z.record(z.string(), z.unknown());

/** A rule for the engine: a problem stops a preview, and an update before it makes the resource. */
export function resourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
  const { configSchema, description, name } = rule;
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    ...(configSchema === undefined ? {} : { configSchema }),
    validateResource: (args, report) => {
      const { problems } = judge(rule, resourceOf(args), configOf(args));
      for (const problem of problems) report(problem);
    },
  };
}

/** A rule for the engine: a problem stops a preview. */
export function stackPolicy({ findings, ...rule }: StackRule): StackValidationPolicy {
  return {
    ...rule,
    enforcementLevel: "mandatory",
    validateStack: (args, report) => {
      for (const { message, unseen, urn } of findings(
        args.resources.map(standing),
        configOf(args),
      )) {
        if (unseen !== true) report(message, urn);
      }
    },
  };
}

/** Tells, and stops nothing, which rules cannot see all they need before the update. */
export function unseenResourcePolicy(rules: readonly ResourceRule[]): ResourceValidationPolicy {
  return {
    name: "resources-seen-in-full",
    description: "Tells what the rules for one resource can only judge in the update.",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      for (const rule of rules) {
        const { unseen } = judge(rule, resourceOf(args), {});
        if (unseen.length > 0) {
          report(`${rule.name} waits for the update, which gives ${unseen.join(", ")}.`);
        }
      }
    },
  };
}

/** The same for the rules that judge a stack. */
export function unseenStackPolicy(rules: readonly StackRule[]): StackValidationPolicy {
  return {
    name: "stack-seen-in-full",
    description: "Tells what the rules for the whole stack can only judge after the update.",
    enforcementLevel: "advisory",
    validateStack: (args, report) => {
      const resources = args.resources.map(standing);
      for (const { findings, name } of rules) {
        for (const { unseen, urn } of findings(resources, {})) {
          if (unseen === true) report(`${name} cannot tell yet what belongs to it.`, urn);
        }
      }
    },
  };
}

function resourceOf({ name, opts, props, type, urn }: ResourceValidationArgs): Resource {
  const { aliases, protect } = opts;
  return { urn, type, name, props: plain(props), isProtected: protect, aliases, sources: {} };
}

function standing({
  propertyDependencies,
  name,
  opts,
  props,
  type,
  urn,
}: PolicyResource): Resource {
  const sources = Object.entries(propertyDependencies).map(
    ([property, from]) => [property, from.map((one) => one.urn)] as const,
  );
  return {
    urn,
    type,
    name,
    props: plain(props),
    isProtected: opts.protect,
    aliases: opts.aliases,
    sources: Object.fromEntries(sources),
  };
}

function configOf(args: { getConfig: () => object }): Props {
  return configShape.parse(args.getConfig());
}

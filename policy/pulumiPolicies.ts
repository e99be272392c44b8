import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";

import { evaluateRule } from "./evaluateRule";
import { readPreviewProps } from "./previewProps";
import type { Props, Resource } from "./resource";
import { type ResourceRule, type StackRule, withControls } from "./rule";

const configShape = z.record(z.string(), z.unknown());

/**
 * Pulumi policy of a resource rule. A violation stops a preview; in an update, the engine does not
 * create the resource.
 */
export function resourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
  const { configSchema, description, name } = rule;
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    ...(configSchema === undefined ? {} : { configSchema }),
    validateResource: (args, report) => {
      const { problems } = evaluateRule(rule, resourceOf(args), configOf(args));
      for (const problem of problems) report(withControls(problem, rule));
    },
  };
}

/** Pulumi policy of a stack rule. A violation stops a preview. */
export function stackPolicy({ controls, findings, ...rule }: StackRule): StackValidationPolicy {
  return {
    ...rule,
    enforcementLevel: "mandatory",
    validateStack: (args, report) => {
      for (const { message, unchecked, urn } of findings(
        args.resources.map(resourceIn),
        configOf(args),
      )) {
        if (unchecked !== true) report(withControls(message, { controls }), urn);
      }
    },
  };
}

/** Advisory policy: lists the inputs that resource rules can check only in the update. */
export function uncheckedResourcePolicy(rules: readonly ResourceRule[]): ResourceValidationPolicy {
  return {
    name: "resources-seen-in-full",
    description:
      "The policy pack lists the inputs that resource rules can check only in the update.",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      for (const rule of rules) {
        const { unchecked } = evaluateRule(rule, resourceOf(args), {});
        if (unchecked.length > 0) {
          report(`${rule.name} checks ${unchecked.join(", ")} in the update: not known yet.`);
        }
      }
    },
  };
}

/** Advisory policy: lists the resources that stack rules can check only after the update. */
export function uncheckedStackPolicy(rules: readonly StackRule[]): StackValidationPolicy {
  return {
    name: "stack-seen-in-full",
    description:
      "The policy pack lists the resources that stack rules can check only after the update.",
    enforcementLevel: "advisory",
    validateStack: (args, report) => {
      const resources = args.resources.map(resourceIn);
      for (const { findings, name } of rules) {
        for (const { unchecked, urn } of findings(resources, {})) {
          if (unchecked === true)
            report(`${name} cannot check this resource: attached settings are not known yet.`, urn);
        }
      }
    },
  };
}

function resourceOf({ name, opts, props, type, urn }: ResourceValidationArgs): Resource {
  const { aliases, protect } = opts;
  return {
    urn,
    type,
    name,
    props: readPreviewProps(props),
    isProtected: protect,
    aliases,
    sources: {},
  };
}

function resourceIn({
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
    props: readPreviewProps(props),
    isProtected: opts.protect,
    aliases: opts.aliases,
    sources: Object.fromEntries(sources),
  };
}

function configOf(args: { getConfig: () => object }): Props {
  return configShape.parse(args.getConfig());
}

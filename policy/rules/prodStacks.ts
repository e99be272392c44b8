import { z } from "zod";

import type { Props } from "../resource";

const shape = z.object({ prodStacks: z.array(z.string()).optional() });

/** Config schema of the rules for prod stacks. */
export const prodStacksSchema = {
  properties: {
    prodStacks: {
      type: "array" as const,
      items: { type: "string" as const },
      description:
        "Names of the prod stacks. Default: stacks with the word prod or production in their name.",
    },
  },
};

/**
 * Whether a stack is a prod stack: `prod-eu` and `ml.production` are; `nonprod`, `non-prod` and
 * `product` are not.
 */
export function isProdStack(stack: string, config: Props): boolean {
  const { prodStacks } = shape.parse(config);
  if (prodStacks !== undefined) return prodStacks.includes(stack);
  return /(^|[^a-z])prod(uction)?($|[^a-z])/i.test(stack.replace(/(non|pre)[-_.]?prod/gi, ""));
}

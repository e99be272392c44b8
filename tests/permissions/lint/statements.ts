import { z } from "zod";

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const statement = z.strictObject({
  Sid: z.string().min(1),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z
    .union([
      z.literal("*").transform((everyone) => ({ "*": [everyone] })),
      z.record(z.string(), oneOrMore),
    ])
    .optional(),
  Action: oneOrMore,
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).default({}),
});

/** One statement, each element a list. */
export type Statement = z.output<typeof statement>;

const policy = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.array(statement).min(1),
});

/** The statements of a policy document; throws at any other element (`NotAction`, say) and at a missing name. */
export function statements(document: unknown): Statement[] {
  return policy.parse(document).Statement;
}

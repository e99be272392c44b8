import { z } from "zod";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

// Strict: a target with an unsupported setting must not be delivered as if it had none.
const targetShape = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: z.record(z.string(), z.string()).default({}),
      InputTemplate: z.string(),
    })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumEventAgeInSeconds: z.number().optional(),
      MaximumRetryAttempts: z.number().optional(),
    })
    .optional(),
});

/** A target as deployed in the account. */
export type Target = z.output<typeof targetShape>;

/** A rule as deployed in the account, with its targets. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: unknown;
  readonly targets: readonly Target[];
}

/** Every enabled rule for events on the default bus, as the account has it now. */
export async function enabledRules(context: AwsContext): Promise<readonly Rule[]> {
  const api = await ownerClients(context).eventbridge();
  const listed = await everyPage(async (NextToken) => {
    const { Rules = [], NextToken: next } = await api.listRules({ NextToken });
    return { items: Rules, next };
  });
  // A rule without a pattern runs by the clock.
  const enabled = listed.filter(({ State, EventPattern }) => State === "ENABLED" && EventPattern);
  return Promise.all(
    enabled.map(async ({ Name = "", Arn = "", EventPattern = "" }) => {
      const targets = await everyPage(async (NextToken) => {
        const page = await api.listTargetsByRule({ Rule: Name, NextToken });
        return { items: page.Targets ?? [], next: page.NextToken };
      });
      const pattern: unknown = JSON.parse(EventPattern);
      return { name: Name, arn: Arn, pattern, targets: targets.map((it) => read(Name, it)) };
    }),
  );
}

function read(rule: string, target: unknown): Target {
  const { data, error } = targetShape.safeParse(target);
  if (error !== undefined)
    throw new Error(
      `rule ${rule}: the local cloud does not simulate this target:\n${z.prettifyError(error)}`,
    );
  return data;
}

async function everyPage<T>(
  page: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await page(token);
    all.push(...items);
    token = next;
  } while (token !== undefined);
  return all;
}

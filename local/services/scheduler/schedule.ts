import { z } from "zod";

import { unlessGone } from "../../cloud/provider/clients";
import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

// Strict: a schedule with an unsupported setting must not fire as if it had none.
const scheduleShape = z.strictObject({
  ActionAfterCompletion: z.enum(["DELETE", "NONE"]).default("NONE"),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal("OFF") }),
  GroupName: z.string(),
  Name: z.string(),
  ScheduleExpression: z.string().regex(/^at\(.*\)$/, "must be a one-time schedule"),
  ScheduleExpressionTimezone: z.literal("UTC").default("UTC"),
  State: z.literal("ENABLED"),
  Target: z.strictObject({
    Arn: z.string(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    Input: z.string(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.number().default(86_400),
        MaximumRetryAttempts: z.number().default(185),
      })
      .prefault({}),
    RoleArn: z.string(),
  }),
});

/** A one-time schedule as it is in the account, with its ARN and that of its group. */
export interface Schedule extends z.output<typeof scheduleShape> {
  readonly arn: string;
  readonly groupArn: string;
  /** Time at which it fires. */
  readonly at: Date;
}

/** Reads a schedule back; undefined if there is none. */
async function scheduleNamed(
  GroupName: string,
  Name: string,
  context: AwsContext,
): Promise<Schedule | undefined> {
  const scheduler = await ownerClients(context).scheduler();
  const gone = /^ResourceNotFoundException/;
  const found = await unlessGone(scheduler.getSchedule({ GroupName, Name }), gone);
  if (found === undefined) return undefined;
  const facts = ["$metadata", "Arn", "CreationDate", "LastModificationDate"];
  const settings = Object.entries(found).filter(
    ([name, value]) => value !== undefined && !facts.includes(name),
  );
  const { data, error } = scheduleShape.safeParse(Object.fromEntries(settings));
  if (error !== undefined)
    throw new Error(
      `schedule ${Name}: the local cloud does not simulate this schedule:\n${z.prettifyError(error)}`,
    );
  const { Arn: groupArn = "" } = await scheduler.getScheduleGroup({ Name: GroupName });
  const time = data.ScheduleExpression.slice("at(".length, -1);
  return { ...data, arn: found.Arn ?? "", at: new Date(`${time}Z`), groupArn };
}

/** The schedule that calls its target with this endpoint; undefined if there is none. */
export async function scheduleOf(
  endpoint: string,
  context: AwsContext,
): Promise<Schedule | undefined> {
  const scheduler = await ownerClients(context).scheduler();
  const { Schedules = [] } = await scheduler.listSchedules({});
  for (const { GroupName = "default", Name = "" } of Schedules) {
    const schedule = await scheduleNamed(GroupName, Name, context);
    if (schedule?.Target.Input.includes(`"${endpoint}"`) === true) return schedule;
  }
  return undefined;
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ScheduleGroupArgs {
  groupName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * EventBridge Scheduler group. Its deletion deletes the schedules in it. Returns the name.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
 */
export function scheduleGroup(
  name: string,
  { groupName, tags }: ScheduleGroupArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new aws.scheduler.ScheduleGroup(name, { name: groupName, tags }, opts).name;
}

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { passRole } from "./creation";
import { arn, each, type Ground, itself, type Table, text } from "./placing";

/** EventBridge Scheduler: a schedule hands its target's role to the service. */
export const schedules: Table = {
  ...each("scheduler", ["CreateSchedule", "UpdateSchedule"], (call, ground) => [
    onSchedule(call, ground),
    passRole(text(call, "Target.RoleArn"), "scheduler.amazonaws.com"),
  ]),
  ...each("scheduler", ["DeleteSchedule", "GetSchedule"], (call, ground) => [
    onSchedule(call, ground),
  ]),
};

function onSchedule(call: Call, ground: Ground): RequiredAction {
  const name = `${text(call, "GroupName")}/${text(call, "Name")}`;
  return itself(call, arn(ground, "scheduler", `schedule/${name}`));
}

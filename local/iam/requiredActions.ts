import type { RequiredAction } from "./contract";
import type { Call } from "./call";
import { account } from "./actions/account";
import { alarms } from "./actions/alarms";
import { delivery } from "./actions/delivery";
import { hosting } from "./actions/hosting";
import { messages } from "./actions/messages";
import { networks } from "./actions/networks";
import type { Ground, Table } from "./actions/placing";
import { scaling } from "./actions/scaling";
import { schedules } from "./actions/schedules";
import { secrets } from "./actions/secrets";
import { storage } from "./actions/storage";
import { training } from "./actions/training";

const table: Table = {
  ...account,
  ...alarms,
  ...delivery,
  ...hosting,
  ...messages,
  ...networks,
  ...scaling,
  ...schedules,
  ...secrets,
  ...storage,
  ...training,
};

/** Operations with known IAM actions, each as `service:Operation`. */
export const operations: readonly string[] = Object.keys(table);

/** IAM actions that AWS authorizes before it runs the call; throws for an unknown call. */
export async function requiredActions(
  call: Call,
  ground: Ground,
): Promise<readonly RequiredAction[]> {
  const placing = table[`${call.service}:${call.operation}`];
  if (placing === undefined)
    throw new Error("the authorizing proxy has no IAM actions for this operation");
  return placing(call, ground);
}

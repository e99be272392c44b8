import type { Use } from "../contract";
import type { Call } from "./call";
import { account } from "./uses/account";
import { alarms } from "./uses/alarms";
import { delivery } from "./uses/delivery";
import { hosting } from "./uses/hosting";
import { messages } from "./uses/messages";
import { networks } from "./uses/networks";
import type { Ground, Table } from "./uses/placing";
import { scaling } from "./uses/scaling";
import { schedules } from "./uses/schedules";
import { storage } from "./uses/storage";
import { training } from "./uses/training";

const table: Table = {
  ...account,
  ...alarms,
  ...delivery,
  ...hosting,
  ...messages,
  ...networks,
  ...scaling,
  ...schedules,
  ...storage,
  ...training,
};

/** Everything that IAM is asked before AWS does what the call says; throws if the judge cannot tell. */
export async function usesOf(call: Call, ground: Ground): Promise<readonly Use[]> {
  const placing = table[`${call.service}:${call.operation}`];
  if (placing === undefined)
    throw new Error("the authorizing proxy has no IAM actions for this operation");
  return placing(call, ground);
}

import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { tagContext } from "./creation";
import { arn, arnFor, each, type Ground, itself, optionalText, type Table, text } from "./placing";

const names = z.array(z.string());

/** CloudWatch's alarms. */
export const alarms: Table = {
  "cloudwatch:PutMetricAlarm": (call, ground) => {
    // Older SDKs send lists as numbered fields, which are not read here.
    if (Object.keys(call.parameters).some((name) => /\.member\.\d+/.test(name)))
      throw new Error("the authorizing proxy does not read PutMetricAlarm in the query protocol");
    const resource = arnFor(call, ground, "alarm:", "AlarmName");
    const tags = tagContext(call);
    const actions = names.safeParse(call.parameters.AlarmActions).data ?? [];
    return [
      itself(call, resource, {
        ...tags,
        ...(actions.length === 0 ? {} : { "cloudwatch:AlarmActions": actions }),
      }),
      // Tags that are given at once are a permission of their own.
      ...("aws:TagKeys" in tags
        ? [{ action: "cloudwatch:TagResource", resource, context: tags }]
        : []),
    ];
  },
  "cloudwatch:DeleteAlarms": onEach,
  "cloudwatch:DescribeAlarms": onEach,
  "cloudwatch:SetAlarmState": (call, ground) => [
    itself(call, arnFor(call, ground, "alarm:", "AlarmName")),
  ],
  ...each("cloudwatch", ["ListTagsForResource", "TagResource", "UntagResource"], (call) => [
    itself(call, text(call, "ResourceARN"), tagContext(call)),
  ]),
};

/** On the alarms that the call names, by a prefix or one by one; if it names none, on all of them. */
function onEach(call: Call, ground: Ground): RequiredAction[] {
  const named = names.safeParse(call.parameters.AlarmNames).data ?? [];
  const patterns = named.length > 0 ? named : [`${optionalText(call, "AlarmNamePrefix") ?? ""}*`];
  return patterns.map((name) => itself(call, arn(ground, "cloudwatch", `alarm:${name}`)));
}

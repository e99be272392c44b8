import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { ServiceEvent } from "../../local/rehearsal/events/serviceEvent";

const shape = z.strictObject({
  version: z.literal("0"),
  id: z.guid(),
  "detail-type": z.string(),
  source: z.string(),
  account: z.string(),
  time: z.iso.datetime({ precision: 0 }),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

/** A whole event as an AWS service sends it, from `tests/events/`. */
export function wholeEvent(name: string): ServiceEvent {
  const file = join(__dirname, "..", "events", `${name}.json`);
  return shape.parse(JSON.parse(readFileSync(file, "utf8")));
}

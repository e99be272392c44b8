import { randomUUID } from "node:crypto";

import { definedProperties } from "../../cloud/provider/values";

/** An event as an AWS service sends it to the default bus. */
export interface ServiceEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** To the second, as AWS writes it: `2026-11-23T10:00:00Z`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Account and region in which an event happens. */
export interface Origin {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
}

interface Happening {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The envelope that EventBridge puts around what happened, with an id of its own and the time of now. */
export function serviceEvent(
  { accountId, region }: Origin,
  { source, detailType, resources, detail }: Happening,
): ServiceEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account: accountId,
    time: eventTime(new Date()),
    region,
    resources,
    detail: definedProperties(detail),
  };
}

/** A moment as AWS writes it in events, to the second: `2026-11-23T10:00:00Z`. */
export function eventTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+/, "");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { allPages } from "../allPages";
import type { Kit } from "./kit";

/** Pages of 50 events: more means a busy account, whose other events would take hours. */
const MAX_PAGES = 400;

/** CloudTrail answers two lookups a second. */
const LOOKUP_MILLISECONDS = 500;

/** Minutes until CloudTrail has most events. */
const DELAY_MINUTES = 6;

/**
 * Decisions of the local cloud: the calls of its table of IAM actions, and the actions that its policy
 * simulator allows to each role. A test compares them with both.
 */
const decisionsShape = z.object({
  allowed: z.record(z.string(), z.array(z.string())),
  calls: z.array(z.string()),
});

/** Decisions of the local cloud. */
type Decisions = z.output<typeof decisionsShape>;

const DECISIONS = join(__dirname, "localDecisions.json");

/** Content of `localDecisions.json`. */
export function localDecisions(): Decisions {
  return decisionsShape.parse(JSON.parse(readFileSync(DECISIONS, "utf8")));
}

const trailShape = z.looseObject({
  errorMessage: z.string().default(""),
  eventName: z.string(),
  eventSource: z.string(),
  userIdentity: z.looseObject({
    sessionContext: z
      .looseObject({ sessionIssuer: z.looseObject({ userName: z.string().optional() }).optional() })
      .optional(),
  }),
});

/** A call of a role that AWS denied. */
export interface Denial {
  readonly action: string;
  readonly call: string;
  readonly message: string;
  /** Name of the role. */
  readonly role: string;
}

/** Denied calls of the project's roles since the start of the run, as CloudTrail has them. */
export async function denialsOf(kit: Kit): Promise<Denial[]> {
  const { clients, signal, sleep, started, target } = kit;
  kit.report(`CloudTrail is late: waiting ${String(DELAY_MINUTES)} minutes`);
  await sleep(DELAY_MINUTES * 60_000, signal);
  let pages = 0;
  const events = await allPages(async (NextToken) => {
    pages += 1;
    if (pages > MAX_PAGES)
      throw new Error(`CloudTrail has more than ${String(MAX_PAGES * 50)} events of the run`);
    if (pages > 1) await sleep(LOOKUP_MILLISECONDS, signal);
    const page = await clients.cloudtrail.lookupEvents({ NextToken, StartTime: started });
    return [page.Events, page.NextToken];
  });
  return events
    .map(({ CloudTrailEvent = "" }) => CloudTrailEvent)
    .filter((text) => /"errorCode":\s*"[^"]*(AccessDenied|Unauthorized)/.test(text))
    .map((text) => denialOf(trailShape.parse(JSON.parse(text))))
    .filter(({ role }) => role.startsWith(`${target.stem}--`));
}

function denialOf(event: z.output<typeof trailShape>): Denial {
  const { errorMessage: message, eventName, eventSource, userIdentity } = event;
  const [service = ""] = eventSource.split(".");
  const call = `${prefixes[service] ?? service}:${eventName.replace(/\d{8}$/, "")}`;
  const [, action = call] = /not authorized to perform:? ([\w-]+:\w+)/.exec(message) ?? [];
  return {
    action,
    call,
    message,
    role: userIdentity.sessionContext?.sessionIssuer?.userName ?? "",
  };
}

/** IAM prefixes of services whose name in CloudTrail is another one. */
const prefixes: Readonly<Record<string, string>> = {
  autoscaling: "application-autoscaling",
  monitoring: "cloudwatch",
};

/** The decision of the local cloud on each denied call; each is listed once. */
export function comparedDenials(
  denials: readonly Denial[],
  stem: string,
  { allowed, calls }: Decisions = localDecisions(),
): string[] {
  const lines = denials.map(({ action, call, message, role }) => {
    const part = rolePart(role, stem);
    const isAllowed = allowed[part]?.includes(action) ?? false;
    const decision = isAllowed ? "allows the action to the role" : "does not allow it to the role";
    const table = calls.includes(call) ? "" : ", and its table of IAM actions lacks the call";
    return `${part}: ${call} denied, ${action}; the local cloud ${decision}${table}. ${message}`;
  });
  return [...new Set(lines)].sort();
}

/** Part of a role's name that tells the roles of a project apart: `deploy-prod`. */
export function rolePart(role: string, stem: string): string {
  return role.replace(`${stem}--`, "").replace(/-[a-z]+\d+$/, "");
}

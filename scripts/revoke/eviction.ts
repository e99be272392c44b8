import { setTimeout } from "node:timers/promises";

import { messageOf } from "../command";
import { activitiesOf, type Bucket } from "./activity";
import type { RevokeClients } from "./clients";
import type { Role } from "./role";
import { revokeSessions } from "./sessions";

interface EvictionOptions {
  /** Waits for some milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly report: (line: string) => void;
}

/**
 * Revokes the sessions of a role and stops its activities, round by round: a job can start
 * its successor before it ends, and SageMaker renews the credentials of a job. So each round also
 * revokes the sessions issued since the former one.
 * @returns the time before which all sessions are revoked
 * @throws if something is in progress after the last round
 */
export async function evict(
  role: Role,
  bucket: Bucket,
  clients: RevokeClients,
  { pause = setTimeout, report }: EvictionOptions,
): Promise<Date> {
  let idleRounds = 0;
  let rest: readonly string[] = [];
  for (let round = 1; round <= maximumRounds; round += 1) {
    const time = new Date();
    await revokeSessions(role, time, clients.iam);
    if (round === 1) report(`revoked: sessions of ${role.name} from before ${time.toISOString()}`);
    rest = await stopAll(role, bucket, clients, report);
    idleRounds = rest.length === 0 ? idleRounds + 1 : 0;
    if (idleRounds === requiredIdleRounds) return time;
    const state = rest.length === 0 ? "nothing" : String(rest.length);
    report(`round ${String(round)}: ${state} in progress, next in ${String(roundSeconds)} seconds`);
    await pause(roundSeconds * 1000);
  }
  throw new Error(
    `still in progress after ${String((maximumRounds * roundSeconds) / 60)} minutes: ` +
      `${rest.join(", ")}. Next: repeat the command`,
  );
}

/** A failure is no reason to leave the others running: the next round lists again. */
async function stopAll(
  role: Role,
  bucket: Bucket,
  clients: RevokeClients,
  report: (line: string) => void,
): Promise<string[]> {
  const activities = await activitiesOf(role, bucket, clients);
  for (const { isStopping, resource, stop } of activities) {
    if (isStopping) continue;
    try {
      await stop();
      report(`stopping ${resource}`);
    } catch (error) {
      report(`not stopped ${resource}: ${messageOf(error)}`);
    }
  }
  return activities.map(({ resource }) => resource);
}

const maximumRounds = 45;
const roundSeconds = 20;
// IAM applies a policy after some seconds. Until then, a revoked session can start a job.
const requiredIdleRounds = 4;

import { setTimeout } from "node:timers/promises";

import { messageOf } from "../../lib/errors";
import { activitiesOf, type Bucket } from "./activity";
import type { RevokeClients } from "./clients";
import type { Role } from "./role";
import { expiryOf, policyName, revokeSessions } from "./sessions";

export interface EvictionOptions {
  /** Waits for some milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly report: (line: string) => void;
}

/**
 * Revokes the sessions of a role and stops its activities, round by round: a job can start
 * its successor before it ends, and SageMaker renews the credentials of a job. So each round also
 * revokes the sessions issued since the former one.
 * @throws if something is in progress after the last round
 */
export async function evict(
  role: Role,
  bucket: Bucket,
  clients: RevokeClients,
  { pause = setTimeout, report }: EvictionOptions,
): Promise<void> {
  let idleRounds = 0;
  let rest: readonly string[] = [];
  for (let round = 1; round <= maximumRounds; round += 1) {
    const time = new Date();
    await revokeSessions(role, time, clients.iam);
    if (round === 1) report(`revoked: sessions of ${role.name} from before ${time.toISOString()}`);
    rest = await stopAll(role, bucket, clients, report);
    idleRounds = rest.length === 0 ? idleRounds + 1 : 0;
    if (idleRounds === requiredIdleRounds) {
      for (const line of linesAfter(role, time)) report(line);
      return;
    }
    const state = rest.length === 0 ? "nothing" : String(rest.length);
    report(`round ${String(round)}: ${state} in progress, next in ${String(roundSeconds)} seconds`);
    await pause(roundSeconds * 1000);
  }
  throw new Error(
    `still in progress after ${String((maximumRounds * roundSeconds) / 60)} minutes: ` +
      `${rest.join(", ")}. Next: repeat the command`,
  );
}

function linesAfter({ name }: Role, time: Date): string[] {
  return [
    `Eviction of ${name} completed: sessions from before ${time.toISOString()} are revoked, ` +
      "nothing is in progress.",
    `The policy ${policyName} stays until you delete it, also after pulumi up. ` +
      `All revoked sessions have expired on ${expiryOf(time).toISOString()}. Then:`,
    `  aws iam delete-role-policy --role-name ${name} --policy-name ${policyName}`,
  ];
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

import { isAnsweredYes } from "../../lib/question";
import { activitiesOf, type Bucket } from "./activity";
import type { RevokeClients } from "./clients";
import { type EvictionOptions, evict } from "./eviction";
import type { Role } from "./role";

interface RevokeOptions extends EvictionOptions {
  /** Whether to revoke without a question. */
  readonly isConfirmed: boolean;
}

/** Lists the sessions and activities of a role, asks, and evicts the role. Returns the exit code. */
export async function revokeRole(
  role: Role,
  bucket: Bucket,
  clients: RevokeClients,
  { isConfirmed, ...options }: RevokeOptions,
): Promise<number> {
  const activities = await activitiesOf(role, bucket, clients);
  const toStop = activities.map(({ resource }) => `  ${resource}`);
  for (const line of [
    "to revoke:",
    `  all sessions of ${role.arn}`,
    "to stop:",
    ...(toStop.length === 0 ? ["  nothing"] : toStop),
  ])
    options.report(line);
  if (!isConfirmed && !(await isAnsweredYes("Revoke these sessions and stop all? Type yes: "))) {
    console.error("nothing was revoked. Next: repeat the command with --yes, or type yes");
    return 1;
  }
  await evict(role, bucket, clients, options);
  return 0;
}

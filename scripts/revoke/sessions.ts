import type { RevokeClients } from "./clients";
import type { Role } from "./role";

/** Name of the inline policy that denies older sessions. */
export const policyName = "RevokeOlderSessions";

/**
 * IAM policy that denies every action to sessions issued before a time.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
export function revokeOlderSessionsPolicy(time: Date) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DenyOlderSessions",
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: { DateLessThan: { "aws:TokenIssueTime": time.toISOString() } },
      },
    ],
  };
}

/** Denies every action to the sessions of a role issued before the time. */
export async function revokeSessions(
  { name }: Role,
  time: Date,
  iam: RevokeClients["iam"],
): Promise<void> {
  await iam.putRolePolicy({
    PolicyDocument: JSON.stringify(revokeOlderSessionsPolicy(time)),
    PolicyName: policyName,
    RoleName: name,
  });
}

/**
 * Time at which every older session has expired.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html
 */
export function expiryOf(time: Date): Date {
  return new Date(time.getTime() + longestSessionHours * 3600 * 1000);
}

const longestSessionHours = 12;

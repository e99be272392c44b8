/** Notification: pending approval. */
export const waits = /^"?Deployment of .* is pending approval\./;

/** Notification: succeeded. */
export const runs = /^"?Deployment of .* succeeded\./;

/** Notification: failed in this action. */
export function fails(action: string): RegExp {
  return new RegExp(`^"?Deployment of .* failed\\.[^]*action ${action} `);
}

/** Notification: the deployment was rolled back. */
export const rolledBack = /^"?Deployment of .* was rolled back:/;

/** Notification: rejected, or not approved in time. */
export const declined = /^"?Deployment of .* was rejected, [^]*Production is unchanged\./;

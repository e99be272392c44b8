/** What people are told of a model that passed its tests. */
export const waits = /waits for approval/;

/** What people are told of a model that serves. */
export const runs = /runs in production/;

/** What people are told of a deployment that failed in this action. */
export function fails(action: string): RegExp {
  return new RegExp(`A deployment of .* failed[^]*action ${action}`);
}

/** What people are told of a model that somebody did not let into production, or left alone for too long. */
export const declined = /rejected[^]*production stays as it is/;

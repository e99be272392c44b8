import { print } from "../../lib/progress";
import type { Inbox } from "../services/inbox";

/** Passes only if exactly these notifications were sent, in this order; each matches its pattern. */
export async function mustNotify(inbox: Inbox, ...words: readonly RegExp[]): Promise<void> {
  const messages = await inbox.collect();
  for (const message of messages) print(message.replace(/^/gm, "      | "));
  if (messages.length !== words.length) {
    const [seen, expected] = [messages.length, words.length].map(String);
    throw new Error(`expected ${expected ?? ""} notifications, got ${seen ?? ""}`);
  }
  words.forEach((expected, index) => {
    if (expected.test(messages[index] ?? "")) return;
    throw new Error(`notification ${(index + 1).toString()} does not match ${expected.source}`);
  });
}

/** Notification: pending approval. */
export const waits = /^"?Deployment of .* is pending approval\./;

/** Notification: succeeded. */
export const runs = /^"?Deployment of .* succeeded\./;

/** Notification: a newer version waits because this one is pending approval. */
export function queues(newer: number, pending: number): RegExp {
  const [one, other] = [newer, pending].map(String);
  return new RegExp(
    `^"?Version ${one ?? ""} of .* is approved, and the deployment of version ${other ?? ""} is pending approval\\.[^]*\\nLink: `,
  );
}

/** Notification: failed in this action, of which the name may be a pattern. */
export function fails(action: string): RegExp {
  return new RegExp(`^"?Deployment of .* failed\\.[^]*action ${action} `);
}

/** Notification: the deployment was rolled back. */
export const rolledBack = /^"?Deployment of .* was rolled back:/;

/** Notification: rejected, or not approved in time. */
export const declined = /^"?Deployment of .* was rejected, [^]*Production is unchanged\./;

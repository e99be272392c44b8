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

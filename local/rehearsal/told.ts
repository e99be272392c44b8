import { say } from "../progress";
import type { Mailbox } from "./mailbox";

/** Passes only if people were told exactly these things, in this order, in words that match. */
export async function mustTell(mailbox: Mailbox, ...words: readonly RegExp[]): Promise<void> {
  const messages = await mailbox.collect();
  for (const message of messages) say(message.replace(/^/gm, "      | "));
  if (messages.length !== words.length) {
    const [seen, expected] = [messages.length, words.length].map(String);
    throw new Error(`messages on the topic: ${seen ?? ""} instead of ${expected ?? ""}`);
  }
  words.forEach((expected, index) => {
    if (expected.test(messages[index] ?? "")) return;
    throw new Error(`message ${(index + 1).toString()} says nothing of ${expected.source}`);
  });
}

import { say } from "../progress";
import { messageOf } from "../steps";

/** Passes only if the work fails and its message, which is shown, has all of these words. */
export async function mustRefuse(work: Promise<unknown>, ...words: string[]): Promise<void> {
  const message = await work.then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
  if (message === undefined) throw new Error("expected an error, but the operation succeeded");
  for (const line of message.split("\n")) say(`    ${line}`);
  const missing = words.filter((one) => !message.includes(one));
  if (missing.length > 0) throw new Error(`expected in the error: ${missing.join(", ")}`);
}

import { belongingFinding, examineCredentials, examineSource } from "./account";
import type { Calls } from "./calls";
import { examineNames } from "./derivedNames";
import { type Finding, note } from "./finding";
import { type Ask, examineStack, type Stack } from "./stack";

/** How a stack is reached. */
interface Reach {
  readonly ask: Ask;
  readonly callsOf: (where: Pick<Stack, "profile" | "region">) => Promise<Calls>;
  readonly stackName: string;
}

/** What stands between a stack and its first `pulumi up`: its config, credentials, source and names, told one by one. */
export async function examine(
  { ask, callsOf, stackName }: Reach,
  tell: (finding: Finding) => void,
): Promise<void> {
  const { findings, stack } = await examineStack(ask, stackName);
  findings.forEach(tell);
  if (stack === undefined) return;

  const calls = await callsOf(stack);
  const { finding, place } = await examineCredentials(calls, stack.region);
  tell(finding);
  if (place === undefined) return;

  const { notifications, source } = stack.settings;
  tell(belongingFinding(stack.settings, place));
  tell(await examineSource(calls, source));
  for (const one of await examineNames(calls, stack, place)) tell(one);
  for (const email of notifications.emails)
    tell(
      note(email, "AWS mails it a link, to be followed within two days; it hears nothing before"),
    );
}

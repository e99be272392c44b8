import { examineCredentials, examineSource, invalidCredentials, ownershipFinding } from "./account";
import type { Calls } from "./calls";
import { examineNames } from "./derivedNames";
import { type Finding, note } from "./finding";
import { examineQuotas } from "./quotas";
import { type Ask, examineStack, type Stack } from "./stack";
import { undeliveredFinding } from "./undelivered";

/** Access to a stack's config, state and AWS account. */
interface Access {
  readonly ask: Ask;
  readonly callsOf: (where: Pick<Stack, "access" | "region">) => Promise<Calls>;
  readonly stackName: string;
}

/**
 * Checks config, AWS credentials, source, quotas, undelivered events and names of a stack; reports
 * each finding at once.
 */
export async function examine(
  { ask, callsOf, stackName }: Access,
  report: (finding: Finding) => void,
): Promise<void> {
  const { findings, stack } = await examineStack(ask, stackName);
  findings.forEach(report);
  if (stack === undefined) return;

  const calls = await callsOf(stack).catch((error: unknown) => {
    report(invalidCredentials(error));
    return undefined;
  });
  if (calls === undefined) return;
  const { context, finding } = await examineCredentials(calls, stack.region);
  report(finding);
  if (context === undefined) return;

  const { notifications, source } = stack.settings;
  report(ownershipFinding(stack.settings, context));
  report(await examineSource(calls, source));
  for (const one of await examineQuotas(calls, stack, context)) report(one);
  report(await undeliveredFinding(calls, stack.settings, context));
  for (const one of await examineNames(calls, stack, context)) report(one);
  for (const email of notifications.emails)
    report(
      note(
        email,
        "AWS sends a confirmation link, valid for two days; " +
          "until it is confirmed, the address receives no notifications",
      ),
    );
}

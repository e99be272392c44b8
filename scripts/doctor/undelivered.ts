import { type AwsContext, namesFor, type ProjectIdentity } from "../../components/names/names";
import type { Calls } from "./calls";
import { type Finding, fix, note, ok, reasonOf } from "./finding";

/**
 * Events in the dead-letter queue of the stack. The alarm of the queue publishes to the notification
 * topic; this check shows lost notifications also if the topic itself is the cause.
 */
export async function undeliveredFinding(
  { undeliveredEvents }: Pick<Calls, "undeliveredEvents">,
  { namePrefix, projectId, projectName }: ProjectIdentity,
  context: AwsContext,
): Promise<Finding> {
  const { queue } = namesFor({ namePrefix, projectId, projectName }, context);
  try {
    const count = await undeliveredEvents(queue);
    if (count === undefined)
      return note(`dead-letter queue ${queue} does not exist yet`, "pulumi up creates it");
    if (count === 0) return ok(`no undelivered events in ${queue}`);
    const events = count === 1 ? "1 undelivered event" : `${String(count)} undelivered events`;
    return fix(`${events} in ${queue}`, "follow docs/runbooks/dead-letter-queue.md");
  } catch (error) {
    return note(`dead-letter queue ${queue} could not be checked`, reasonOf(error));
  }
}

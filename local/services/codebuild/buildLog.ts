import type { Project } from "@aws-sdk/client-codebuild";

import { authorizedClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";

/** Opens the build's log stream as CodeBuild does, and returns what writes to it. */
export async function openLog(
  project: Project,
  buildId: string,
  context: AwsContext,
  credentials: Credentials,
): Promise<(lines: readonly string[]) => Promise<void>> {
  const logs = await authorizedClients(context, credentials).logs();
  const logGroupName =
    project.logsConfig?.cloudWatchLogs?.groupName ?? `/aws/codebuild/${project.name ?? ""}`;
  const logStreamName = buildId.split(":").pop() ?? buildId;
  await logs.createLogStream({ logGroupName, logStreamName });
  return async (lines) => {
    const timestamp = Date.now();
    // A thousand lines are enough to read back; AWS takes at most 10,000 in one call, and none that is empty.
    const logEvents = lines.slice(-1000).map((line) => ({ timestamp, message: line || " " }));
    if (logEvents.length > 0) await logs.putLogEvents({ logEvents, logGroupName, logStreamName });
  };
}

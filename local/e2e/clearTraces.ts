import { owners } from "./clients";
import type { Stage } from "./contract";

/**
 * Removes the log groups of SageMaker's jobs, which on AWS all projects of an account share, so that the stack's end
 * can be compared with its beginning.
 */
export async function clearTraces(stage: Stage): Promise<void> {
  const logs = await owners(stage).logs();
  const { logGroups = [] } = await logs.describeLogGroups({
    logGroupNamePrefix: "/aws/sagemaker/",
  });
  for (const { logGroupName } of logGroups) await logs.deleteLogGroup({ logGroupName });
}

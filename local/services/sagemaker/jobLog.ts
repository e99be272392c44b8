import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";

import { unlessGone } from "../../cloud/provider/clients";

// The API takes up to 10,000 events at once.
const BATCH = 1000;

/** The lines stand in the job's log stream, made as a job's agent makes it. */
export function writeJobLog(
  logs: CloudWatchLogs,
  kind: "ProcessingJobs" | "TrainingJobs" | "TransformJobs",
  jobName: string,
  lines: readonly string[],
): Promise<void> {
  const logStreamName = `${jobName}/algo-1-${Date.now().toString()}`;
  return writeLog(logs, { logGroupName: `/aws/sagemaker/${kind}`, logStreamName }, lines);
}

/** The lines stand in a stream, made as SageMaker's agents make it, with its group if there is none. */
export async function writeLog(
  logs: CloudWatchLogs,
  stream: { readonly logGroupName: string; readonly logStreamName: string },
  lines: readonly string[],
): Promise<void> {
  const { logGroupName, logStreamName } = stream;
  await unlessGone(logs.createLogGroup({ logGroupName }), /^ResourceAlreadyExistsException/);
  await logs.createLogStream(stream);
  await logs.describeLogStreams({ logGroupName, logStreamNamePrefix: logStreamName });
  for (let start = 0; start < lines.length; start += BATCH) {
    const logEvents = lines
      .slice(start, start + BATCH)
      // An event must have a text.
      .map((line) => ({ timestamp: Date.now(), message: line === "" ? " " : line }));
    await logs.putLogEvents({ ...stream, logEvents });
  }
}

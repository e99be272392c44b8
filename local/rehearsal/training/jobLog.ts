import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";

import { unlessGone } from "../../provider/clients";

// The API takes up to 10,000 events at once.
const BATCH = 1000;

/** The lines stand in the job's log stream, made as a job's agent makes it. */
export async function writeJobLog(
  logs: CloudWatchLogs,
  kind: "ProcessingJobs" | "TrainingJobs",
  jobName: string,
  lines: readonly string[],
): Promise<void> {
  const group = { logGroupName: `/aws/sagemaker/${kind}` };
  const stream = { ...group, logStreamName: `${jobName}/algo-1-${Date.now().toString()}` };
  await unlessGone(logs.createLogGroup(group), /^ResourceAlreadyExistsException/);
  await logs.createLogStream(stream);
  await logs.describeLogStreams({ ...group, logStreamNamePrefix: stream.logStreamName });
  for (let start = 0; start < lines.length; start += BATCH) {
    const logEvents = lines
      .slice(start, start + BATCH)
      // An event must have a text.
      .map((line) => ({ timestamp: Date.now(), message: line === "" ? " " : line }));
    await logs.putLogEvents({ ...stream, logEvents });
  }
}

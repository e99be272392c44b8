import { cpus, freemem, totalmem } from "node:os";

import type { CloudWatch, MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { TrainingRequest } from "./jobRequests";

const NAMESPACE = "/aws/sagemaker/TrainingJobs";

/** Starts to watch this machine; what it returns publishes what a training instance's agent would. */
export function watchInstance(): (
  cloudwatch: CloudWatch,
  jobName: string,
  definitions: TrainingRequest["AlgorithmSpecification"]["MetricDefinitions"],
  lines: readonly string[],
) => Promise<void> {
  const before = processorTimes();
  return async (cloudwatch, jobName, definitions = [], lines) => {
    const after = processorTimes();
    const share = (after.busy - before.busy) / Math.max(1, after.all - before.all);
    const host = [{ Name: "Host", Value: `${jobName}/algo-1` }];
    const used = (totalmem() - freemem()) / totalmem();
    const instance: MetricDatum[] = [
      // Each processor counts for 100.
      { MetricName: "CPUUtilization", Dimensions: host, Value: 100 * cpus().length * share },
      { MetricName: "MemoryUtilization", Dimensions: host, Value: 100 * used },
    ];
    const algorithm = definitions.flatMap(({ Name, Regex }) => metric(jobName, Name, Regex, lines));
    await cloudwatch.putMetricData({
      Namespace: NAMESPACE,
      MetricData: [...instance, ...algorithm],
    });
  };
}

/** The last value that the log shows. */
function metric(job: string, name: string, regex: string, lines: readonly string[]): MetricDatum[] {
  const pattern = new RegExp(regex);
  const values = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).map(Number);
  const last = values.filter(Number.isFinite).at(-1);
  const Dimensions = [{ Name: "TrainingJobName", Value: job }];
  return last === undefined ? [] : [{ MetricName: name, Dimensions, Value: last }];
}

function processorTimes(): { readonly busy: number; readonly all: number } {
  const times = cpus().map((one) => one.times);
  const all = times.flatMap((one) => Object.values(one)).reduce((sum, one) => sum + one, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}

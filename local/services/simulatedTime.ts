import type { AwsContext } from "../iam/contract";
import { callEmulator } from "./sagemaker/emulatorState";
import { join } from "node:path";

const SHORTEST_MS = 2000;
const MOST_TIMES = 4;
const SAMPLE_MS = 200;

/**
 * A minute of AWS for a process that needs so many times as long as it computes: it answers fewer requests in the
 * same time, and gets longer minutes.
 */
export function minuteMs(times: number): number {
  return Math.round(SHORTEST_MS * Math.min(MOST_TIMES, Math.max(1, times)));
}

/** How many times as long as it computes this process needs, beside others of its priority or a higher one. */
function slowdown(): number {
  const [began, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - began < SAMPLE_MS);
  const { system, user } = process.cpuUsage(before);
  return ((performance.now() - began) * 1000) / (user + system);
}

/**
 * What a minute of AWS takes on this machine. Traffic shifts, periods of metrics and alarms, and the waits of deploy
 * builds all count in it, so that a canary of five minutes takes ten seconds.
 */
export const MINUTE_MS = minuteMs(slowdown());

/** Milliseconds on this machine for so many seconds of AWS. */
export function realMs(seconds: number): number {
  return (seconds * MINUTE_MS) / 60;
}

/** From now on, the emulator's periods of metrics count in simulated time. */
export function simulateTime(context: AwsContext): Promise<void> {
  return callEmulator(context, "PlayMinute", { Milliseconds: MINUTE_MS });
}

/** Folder of what each Python of a build loads at its start; it does only what its environment variables say. */
export const SITE = join(__dirname, "codebuild", "python");

/** Environment of a build whose Python waits in simulated time. */
export const simulatedTimeSettings: Readonly<Record<string, string>> = {
  LOCAL_CLOUD_MINUTE_MS: MINUTE_MS.toString(),
  PYTHONPATH: SITE,
};

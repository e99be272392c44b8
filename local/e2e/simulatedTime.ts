/**
 * What a minute of AWS takes on this machine. Traffic shifts, periods of metrics and alarms, and the waits of deploy
 * builds all count in it, so that a canary of five minutes takes ten seconds.
 */
export const MINUTE_MS = 2000;

/** Milliseconds on this machine for so many seconds of AWS. */
export function realMs(seconds: number): number {
  return (seconds * MINUTE_MS) / 60;
}

/** Environment variables by which Python programs learn of simulated time. */
export const simulatedTimeVariables = { LOCAL_CLOUD_MINUTE_MS: MINUTE_MS.toString() };

import { randomInt } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LONGEST = 63;

/** The name that SageMaker Pipelines gives the job of a step: `pipelines-<execution>-<step>-<10 characters>`. */
export function jobName(executionId: string, stepName: string, suffix = randomText(10)): string {
  const start = `pipelines-${executionId}-`;
  const room = LONGEST - start.length - suffix.length - 1;
  // Job names know no underscore, and no hyphen before another one.
  const step = stepName.replace(/[_-]+/g, "-").slice(0, room).replace(/^-|-$/g, "");
  return `${start}${step}-${suffix}`;
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

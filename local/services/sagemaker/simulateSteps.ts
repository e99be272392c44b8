import type { PipelineExecutionStepMetadata, StepStatus } from "@aws-sdk/client-sagemaker";

import { type Step, needsOf } from "./definition";
import { showExecution } from "./emulatorState";
import { messageOf } from "./jobRun";
import type { Json } from "./json";
import { type Skipped, skippedWith } from "./remoteSteps";
import type { Outcome, Site } from "./site";
import { simulateStep } from "./steps/simulateStep";

/** A step that began. */
export interface StepRecord {
  readonly name: string;
  readonly type: Step["Type"];
  readonly status: "Succeeded" | "Failed" | "Stopped";
  readonly startTime: Date;
  readonly seconds: number;
  /** The job, model version or outcome behind it. */
  readonly metadata: PipelineExecutionStepMetadata;
  readonly failureReason?: string;
}

/** Steps of an execution that has ended. */
export interface Simulated {
  /** Those that began, in order. */
  readonly steps: readonly StepRecord[];
  /** Those that only AWS runs, and those that need them. */
  readonly skipped: readonly Skipped[];
}

/** Plays the steps one after another, each when those that it needs have run; ends with the first that fails. */
export async function simulateSteps(site: Site): Promise<Simulated> {
  const { definition, scope } = site.execution;
  const waiting = [...definition.Steps];
  const described: Record<string, Json> = {};
  const propertyFiles: Record<string, Readonly<Record<string, Json>>> = {};
  const records: StepRecord[] = [];
  const skipped: Skipped[] = [];
  const isDone = (name: string): boolean =>
    [...records, ...skipped].some((one) => one.name === name);

  while (!site.signal.aborted) {
    // A step that waits for one in the branch that was not taken never runs, as on AWS.
    const next = waiting.findIndex((one) => [...needsOf(one)].every(isDone));
    const [step] = next === -1 ? [] : waiting.splice(next, 1);
    if (step === undefined) break;
    const added = skippedWith(step, skipped);
    skipped.push(...added);
    if (added.length > 0) continue;

    const all = { ...scope, steps: described, propertyFiles };
    const { outcome, record } = await tracked(step, site, () => simulateStep(step, all, site));
    records.push(record);
    if (record.status !== "Succeeded") break;
    if (outcome?.described !== undefined) described[step.Name] = outcome.described;
    propertyFiles[step.Name] = outcome?.propertyFiles ?? {};
    if (step.Type === "Condition") {
      const { ElseSteps, IfSteps } = step.Arguments;
      waiting.unshift(...(outcome?.metadata.Condition?.Outcome === "True" ? IfSteps : ElseSteps));
    }
  }
  return { steps: records, skipped };
}

/** Runs a step and shows in the emulator how far it is. */
async function tracked(
  step: Step,
  site: Site,
  simulate: () => Promise<Outcome>,
): Promise<{ readonly outcome?: Outcome; readonly record: StepRecord }> {
  const startTime = new Date();
  const show = (StepStatus: StepStatus, rest: object = {}): Promise<void> =>
    showExecution(site.context, {
      PipelineExecutionArn: site.execution.arn,
      Step: {
        StepName: step.Name,
        StepDisplayName: step.DisplayName,
        StepDescription: step.Description,
        StepStatus,
        ...rest,
      },
    });
  site.report(`step ${step.Name}`);
  await show("Starting");
  await show("Executing");

  const { outcome, status } = await outcomeOf(site, simulate);
  const { failureReason, metadata } = outcome;
  await show(status, { FailureReason: failureReason, Metadata: metadata });
  const seconds = (Date.now() - startTime.getTime()) / 1000;
  const named = { name: step.Name, type: step.Type, status, startTime, seconds };
  return { outcome, record: { ...named, metadata, failureReason } };
}

/** A call that AWS refuses fails the step; a stop ends it. */
async function outcomeOf(
  { signal, context }: Site,
  simulate: () => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly status: StepRecord["status"] }> {
  try {
    const outcome = await simulate();
    return { outcome, status: outcome.failureReason === undefined ? "Succeeded" : "Failed" };
  } catch (error) {
    context.signal.throwIfAborted();
    if (signal.aborted) return { outcome: { metadata: {} }, status: "Stopped" };
    const failureReason = `ClientError: ${messageOf(error)}`;
    return { outcome: { metadata: {}, failureReason }, status: "Failed" };
  }
}

import { setTimeout as sleep } from "node:timers/promises";

import { withProgress } from "../progress";
import { owners } from "./clients";
import type { Stage } from "./contract";
import type { Outside } from "./delivery/sourceFiles";
import { type DeliveryRun, playDelivery } from "./delivery/playDelivery";
import { runEvents } from "./delivery/runEvents";
import { deliver, type Delivery } from "./events/deliver";
import { setExecutionState } from "./events/executionState";
import type { ServiceEvent } from "./events/serviceEvent";
import type { Timeline } from "./timeline";
import { playTraining, type TrainingRun } from "./training/playTraining";
import type { Project } from "./training/problems";

/** Everything that a rehearsal is played with. */
export interface Theatre {
  readonly stage: Stage;
  readonly timeline: Timeline;
  /** Python that stands for the build image's. */
  readonly python: string;
  /** Python that stands for the training image's. */
  readonly jobPython: string;
  /** What the deployed project lets a pipeline's definition say. */
  readonly project: Project;
  /** Whether a build goes on until its training has ended. */
  readonly waitsForTraining: boolean;
}

/** What was played until nothing was going on any more. */
export interface Played {
  readonly deliveries: readonly DeliveryRun[];
  readonly trainings: readonly TrainingRun[];
}

/**
 * Plays what is in progress in the account, and what follows from it, until nothing is: CodePipeline runs first, so that
 * a training goes on for as long as builds are waiting, then SageMaker pipeline executions.
 */
export async function settle(theatre: Theatre, outside?: Outside): Promise<Played> {
  const deliveries: DeliveryRun[] = [];
  const trainings: TrainingRun[] = [];
  for (;;) {
    theatre.stage.signal.throwIfAborted();
    const [delivery] = await deliveriesInProgress(theatre.stage);
    if (delivery !== undefined) {
      const { run, meanwhile } = await playOne({ ...delivery, outside }, theatre);
      deliveries.push(run);
      trainings.push(...meanwhile);
      continue;
    }
    const [execution] = await trainingsInProgress(theatre.stage);
    if (execution === undefined) return { deliveries, trainings };
    trainings.push(await playOneTraining(execution, theatre));
  }
}

/** Hands an event to EventBridge, and tells what became of it. */
export async function send(
  event: ServiceEvent,
  { stage, timeline }: Theatre,
): Promise<readonly Delivery[]> {
  const done = await deliver(event, stage);
  for (const { detail, outcome, rule, target } of done) {
    timeline.note("EventBridge", `${rule}: ${outcome} to ${target}: ${detail}`);
    if (outcome === "lost") throw new Error(`${rule} lost an event: ${detail}`);
  }
  return done;
}

/** Whether a run of a CodePipeline is waiting to be played. */
export async function isInProgress(stage: Stage): Promise<boolean> {
  return (await deliveriesInProgress(stage)).length > 0;
}

interface InProgress {
  readonly pipelineName: string;
  readonly executionId: string;
  readonly commitId?: string | undefined;
}

/** Oldest first. */
async function deliveriesInProgress(stage: Stage): Promise<InProgress[]> {
  const codepipeline = await owners(stage).codepipeline();
  const found: InProgress[] = [];
  for (const { name: pipelineName = "" } of (await codepipeline.listPipelines({})).pipelines ??
    []) {
    const { pipelineExecutionSummaries = [] } = await codepipeline.listPipelineExecutions({
      pipelineName,
    });
    for (const one of [...pipelineExecutionSummaries].reverse()) {
      if (one.status !== "InProgress" || one.pipelineExecutionId === undefined) continue;
      const commitId = one.sourceRevisions?.[0]?.revisionId;
      found.push({ commitId, executionId: one.pipelineExecutionId, pipelineName });
    }
  }
  return found;
}

async function trainingsInProgress(stage: Stage): Promise<string[]> {
  const sagemaker = await owners(stage).sagemaker();
  const found: string[] = [];
  const { PipelineSummaries = [] } = await sagemaker.listPipelines({});
  for (const { PipelineName } of PipelineSummaries) {
    const listed = await sagemaker.listPipelineExecutions({ PipelineName, SortOrder: "Ascending" });
    for (const one of listed.PipelineExecutionSummaries ?? []) {
      if (one.PipelineExecutionStatus !== "Executing") continue;
      if (one.PipelineExecutionArn !== undefined) found.push(one.PipelineExecutionArn);
    }
  }
  return found;
}

async function playOne(
  order: InProgress & { readonly outside: Outside | undefined },
  theatre: Theatre,
): Promise<{ run: DeliveryRun; meanwhile: TrainingRun[] }> {
  const { python, stage, timeline, waitsForTraining } = theatre;
  timeline.note("CodePipeline", `execution ${order.executionId} starts`);
  const meanwhile: TrainingRun[] = [];
  let isOver = false;
  const delivery = playDelivery({ ...order, python }, stage).finally(() => {
    isOver = true;
  });
  const train = async (): Promise<void> => {
    while (waitsForTraining && !isOver) {
      meanwhile.push(...(await trainAll(theatre)));
      await sleep(200, undefined, { signal: stage.signal });
    }
  };
  const [run] = await Promise.all([delivery, train()]);
  await endExecution(order.pipelineName, run, theatre);
  return { run, meanwhile };
}

async function endExecution(
  pipelineName: string,
  run: DeliveryRun,
  theatre: Theatre,
): Promise<void> {
  const { failure } = run;
  const status = failure === undefined ? "Succeeded" : "Failed";
  await setExecutionState(theatre.stage, pipelineName, run.executionId, { status });
  const how =
    failure === undefined
      ? `succeeded at commit ${run.commitId.slice(0, 8)}`
      : `failed in ${failure.stage}: ${failure.reason}`;
  const words = wordsOf(run.lines);
  if (words.length > 0) theatre.timeline.note("CodeBuild", words.join("\n"));
  theatre.timeline.note("CodePipeline", `execution ${run.executionId} ${how}`);
  for (const event of runEvents(run, theatre.stage)) await send(event, theatre);
}

/** Of what a build said: that tests passed, and its last words, which tell what was started or what went wrong. */
function wordsOf(lines: readonly string[]): string[] {
  const said = lines.filter((line) => line !== "");
  const tests = said.slice(0, -3).filter((line) => /\b\d+ passed\b/.test(line));
  return [...tests, ...said.slice(-3)];
}

async function trainAll(theatre: Theatre): Promise<TrainingRun[]> {
  const runs: TrainingRun[] = [];
  for (const execution of await trainingsInProgress(theatre.stage)) {
    runs.push(await playOneTraining(execution, theatre));
  }
  return runs;
}

async function playOneTraining(executionArn: string, theatre: Theatre): Promise<TrainingRun> {
  const { jobPython, project, stage, timeline } = theatre;
  timeline.note("SageMaker", `execution ${executionArn.split("/").pop() ?? ""} starts`);
  const run = await withProgress("training", (report) =>
    playTraining(executionArn, stage, { project, python: jobPython, report }),
  );
  for (const { failureReason = "", name, seconds, status } of run.steps) {
    const took = `${status} (${seconds.toFixed(1)} s)`;
    timeline.note("SageMaker", `step ${name}: ${took} ${failureReason}`.trimEnd());
  }
  timeline.note("SageMaker", `pipeline execution ${run.status}: ${run.modelPackageArn ?? ""}`);
  for (const event of run.events) await send(event, theatre);
  return run;
}

import type { ActionExecutionDetail } from "@aws-sdk/client-codepipeline";

import { deployStages } from "../../components/names/deployNames";
import { stages } from "../../components/names/names";
import { type Kit, mustBeAws } from "./kit";
import { minutes, prices } from "./prices";

/** A measured duration beside that of docs/costs.md, in minutes. */
interface Duration {
  readonly documented: number;
  readonly measured: number;
  readonly usd: number;
  readonly what: string;
}

/** More than that is a difference: durations vary. */
const TOLERANCE = 1.5;

/** Compares the durations of the run, and their cost, with docs/costs.md. */
export async function compareDurations(kit: Kit): Promise<string[]> {
  const found = await durationsOf(kit);
  const lines = found.map(
    ({ documented, measured, usd, what }) =>
      `${what}: ${measured.toFixed(1)} minutes, ${usd.toFixed(3)} USD; docs/costs.md: ${String(documented)} minutes`,
  );
  mustBeAws(kit, lines);
  lines.push("the prices themselves are on AWS's bill, a day later");
  const longer = found.some(({ documented, measured }) => measured > documented * TOLERANCE);
  if (longer) throw new Error(["longer than documented:", ...lines].join("\n"));
  return lines;
}

async function durationsOf({ clients, target }: Kit): Promise<Duration[]> {
  const { names } = target;
  const { actionExecutionDetails: builds = [] } = await clients.codepipeline.listActionExecutions({
    pipelineName: names.pipeline,
  });
  const { actionExecutionDetails: deploys = [] } = await clients.codepipeline.listActionExecutions({
    pipelineName: names.deploy.pipeline,
  });
  const build = builds.filter(({ actionName }) => actionName === stages.build.action);
  const codeBuild = ({ actionName }: ActionExecutionDetail) =>
    actionName !== deployStages.staging.approve && actionName !== deployStages.source.action;
  const executions = new Map<string, number>();
  for (const one of deploys.filter(codeBuild)) {
    const id = one.pipelineExecutionId ?? "";
    executions.set(id, (executions.get(id) ?? 0) + between(one.startTime, one.lastUpdateTime));
  }
  const codeBuildMinute = prices.codeBuildMinute.value;
  return [
    duration(
      "build",
      "build",
      longest(build.map((it) => between(it.startTime, it.lastUpdateTime))),
      codeBuildMinute,
    ),
    ...(await jobDurations(clients.sagemaker, names.sagemakerPipeline)),
    duration(
      "CodeBuild of the longest deployment",
      "deployment",
      longest([...executions.values()]),
      codeBuildMinute,
    ),
  ];
}

async function jobDurations(
  sagemaker: Kit["clients"]["sagemaker"],
  PipelineName: string,
): Promise<Duration[]> {
  const { PipelineExecutionSummaries = [] } = await sagemaker.listPipelineExecutions({
    PipelineName,
  });
  const [{ PipelineExecutionArn } = {}] = PipelineExecutionSummaries;
  const { PipelineExecutionSteps = [] } = await sagemaker.listPipelineExecutionSteps({
    PipelineExecutionArn,
  });
  return PipelineExecutionSteps.flatMap(({ EndTime, Metadata, StartTime, StepName = "" }) => {
    const took = between(StartTime, EndTime);
    const { ProcessingJob, TrainingJob } = Metadata ?? {};
    if (ProcessingJob !== undefined)
      return [duration(StepName, "processing", took, prices.processingHour.value / 60)];
    if (TrainingJob !== undefined)
      return [duration(StepName, "training", took, prices.instanceHour.value / 60)];
    return [];
  });
}

function duration(
  what: string,
  kind: keyof typeof minutes,
  measured: number,
  usdMinute: number,
): Duration {
  return { documented: minutes[kind].value, measured, usd: measured * usdMinute, what };
}

function longest(durations: readonly number[]): number {
  return Math.max(0, ...durations);
}

/** Minutes between two times. */
function between(start = new Date(0), end = start): number {
  return (end.getTime() - start.getTime()) / 60_000;
}

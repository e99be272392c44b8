import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { Scheduler } from "@aws-sdk/client-scheduler";

import { modelVariable } from "../../components/names/deployNames";
import { ifFound } from "./clients";
import { deployedEndpoint, type Reads } from "./deployedEndpoint";
import { deployedReport } from "./deployedReport";
import { type Deployment, executionUrl, pipelineUrl } from "./deployment";
import { minuteOf, modelOf, newestFirst, numberOf, stageStatesOf, stagingOf } from "./executions";

/** AWS calls of the report, all of them read-only. */
export interface StatusReads {
  readonly cloudwatch: Pick<CloudWatch, "describeAlarms">;
  readonly codepipeline: Pick<
    CodePipeline,
    "getPipelineExecution" | "getPipelineState" | "listPipelineExecutions"
  >;
  readonly sagemaker: Reads;
  readonly scheduler: Pick<Scheduler, "getSchedule">;
}

/**
 * Endpoints with their model versions, deletion of staging, pending approval, last execution of the
 * deployment pipeline, and the alarms of production in ALARM.
 */
export async function statusReport(deployment: Deployment, reads: StatusReads): Promise<string[]> {
  const { prod, staging } = deployment.names;
  return [
    ...(await deployedReport([staging.endpoint, prod.endpoint], reads.sagemaker)),
    ...(await expiryLines(deployment, reads)),
    ...(await approvalLines(deployment, reads)),
    await executionLine(deployment, reads),
    ...(await alarmLines(deployment, reads)),
  ];
}

async function expiryLines(
  { names }: Deployment,
  { sagemaker, scheduler }: StatusReads,
): Promise<string[]> {
  const { endpoint } = names.staging;
  if ((await deployedEndpoint(sagemaker, endpoint)) === undefined) return [];
  const { group: GroupName, schedule: Name } = names.stagingExpiry;
  const found = await ifFound(scheduler.getSchedule({ GroupName, Name }));
  const [, time] = /^at\((.+)\)$/.exec(found?.ScheduleExpression ?? "") ?? [];
  if (time === undefined) return [`${endpoint}: its deletion is not scheduled`];
  return [`${endpoint}: deleted on ${minuteOf(new Date(`${time}Z`))}`];
}

async function approvalLines(
  deployment: Deployment,
  { codepipeline, sagemaker }: StatusReads,
): Promise<string[]> {
  const { approval } = stagingOf(await stageStatesOf(deployment, codepipeline));
  if (approval === undefined) return [];
  // The event of a rejection has the rejected version, and its execution deploys an earlier one.
  const staged = await deployedEndpoint(sagemaker, deployment.names.staging.endpoint);
  const version =
    staged?.model?.ModelVersion ??
    numberOf(await modelOf(deployment, codepipeline, approval.executionId)) ??
    "?";
  return [
    `pending approval: version ${version} since ${minuteOf(approval.since)}. ` +
      `Next: approve or reject it: ${pipelineUrl(deployment)}`,
  ];
}

/** Last execution that deploys a model version, also if an expiry execution started later. */
async function executionLine(
  deployment: Deployment,
  { codepipeline }: StatusReads,
): Promise<string> {
  const { pipelineExecutionSummaries = [] } = await codepipeline.listPipelineExecutions({
    maxResults: 20,
    pipelineName: deployment.names.pipeline,
  });
  for (const { pipelineExecutionId: id = "", startTime, status = "" } of newestFirst(
    pipelineExecutionSummaries,
  )) {
    const model = await modelOf(deployment, codepipeline, id);
    if (model === modelVariable.expireStaging) continue;
    const started = minuteOf(startTime ?? new Date(0));
    const next = status === "Failed" ? ". Next: npm run endpoints -- retry" : "";
    return (
      `last execution: ${status}, version ${numberOf(model) ?? "none"}, started ${started}${next}: ` +
      executionUrl(deployment, id)
    );
  }
  return "last execution: none";
}

/** Not the alarm of a canary's verdict: it is in ALARM between deployments. */
async function alarmLines({ names }: Deployment, { cloudwatch }: StatusReads): Promise<string[]> {
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({
    AlarmNames: Object.values(names.prod.alarms),
  });
  const firing = MetricAlarms.filter(({ StateValue }) => StateValue === "ALARM");
  if (firing.length === 0) return ["alarms of production: none in ALARM"];
  return firing.map(
    ({ AlarmName = "", StateReason = "", StateTransitionedTimestamp, StateUpdatedTimestamp }) => {
      const since = StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? new Date(0);
      return `${AlarmName}: in ALARM since ${minuteOf(since)}: ${StateReason}`;
    },
  );
}

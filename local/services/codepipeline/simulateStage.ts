import { ownerClients } from "../../iam/clients";
import { type DeliveryRun as Run, actionEvent, stageEvent } from "../eventbridge/deliveryEvents";
import { type ActionState, emulatedAction } from "../eventbridge/executionState";
import { simulateAction } from "./simulateAction";
import type { ActionCall, Build, ActionResult, PipelineRun } from "./pipelineRun";
import type { ActionShape, StageShape } from "./structure";
import { resolved } from "./variables";

/** An action that has ended. */
export interface EndedAction {
  readonly stage: string;
  readonly action: string;
  readonly status: "Succeeded" | "Failed" | "Abandoned";
  readonly outputVariables: Readonly<Record<string, string>>;
  readonly buildId?: string | undefined;
}

interface ActionFacts {
  readonly stage: string;
  readonly action: string;
  readonly actionExecutionId: string;
  readonly type: ActionShape["actionTypeId"];
}

/** An action that failed, and what the service behind it says. */
export interface FailedAction extends ActionFacts {
  readonly reason: string;
  /** The build that failed; left out if none was started. */
  readonly build?: Build | undefined;
  /** Of an approval. */
  readonly token?: string | undefined;
}

/** Where a run was when it was stopped. */
export interface Stopped {
  readonly stage: string;
  /** What that person or program said. */
  readonly reason: string;
  /** Whether the stop abandoned actions in progress. */
  readonly isAbandoned: boolean;
  /** The action that was given up; left out if the run ended between two. */
  readonly abandoned?: ActionFacts;
}

/** A run while it is simulated: what its events say of it, and what has ended so far. */
export interface Log {
  readonly events: Run;
  readonly actions: EndedAction[];
  readonly lines: string[];
}

/** Why a stage did not pass; nothing if it did. */
export interface StageEnd {
  readonly failure?: FailedAction;
  readonly stopped?: Stopped;
}

/** Plays the actions of a stage, each with its events but that of the failure, which ends the run. */
export async function simulateStage(
  { actions, name }: StageShape,
  pipelineRun: PipelineRun,
  log: Log,
): Promise<StageEnd> {
  const stop = await stopOf(pipelineRun);
  if (stop !== undefined) return { stopped: { ...stop, stage: name } };
  const isRetry = pipelineRun.retriedStage === name;
  await pipelineRun.send(stageEvent(log.events, name, isRetry ? "RESUMED" : "STARTED"));
  for (const action of actions) {
    if (isRetry && (await hasSucceeded(action, name, pipelineRun))) continue;
    const end = await simulateOne(action, name, pipelineRun, log);
    if (end !== undefined) return end;
  }
  await pipelineRun.send(stageEvent(log.events, name, "SUCCEEDED"));
  return {};
}

/** Whether a retry of the stage leaves the action as it is. */
async function hasSucceeded(
  { name: actionName }: ActionShape,
  stageName: string,
  { executionId, pipelineName, context }: PipelineRun,
): Promise<boolean> {
  const codepipeline = await ownerClients(context).codepipeline();
  const { stageStates = [] } = await codepipeline.getPipelineState({ name: pipelineName });
  const at = stageStates.find((one) => one.stageName === stageName);
  const action = at?.actionStates?.find((one) => one.actionName === actionName);
  return (
    at?.latestExecution?.pipelineExecutionId === executionId &&
    action?.latestExecution?.status === "Succeeded"
  );
}

async function simulateOne(
  action: ActionShape,
  stageName: string,
  pipelineRun: PipelineRun,
  { actions, events, lines }: Log,
): Promise<StageEnd | undefined> {
  const { executionId, made, pipelineName, send, context } = pipelineRun;
  const place = { actionName: action.name, executionId, pipelineName, stageName };
  const configuration = resolved(action, pipelineRun);
  const begun = await emulatedAction(context, place, { status: "InProgress" });
  const { actionExecutionId, token } = begun;
  const facts = {
    action: action.name,
    actionExecutionId,
    stage: stageName,
    type: action.actionTypeId,
  };
  await send(actionEvent(events, facts, "STARTED"));

  const isStopped = async (): Promise<boolean> => (await stopOf(pipelineRun))?.isAbandoned === true;
  const call: ActionCall = { ...action, configuration, isStopped, stageName, token };
  const actionResult = await simulateAction(call, pipelineRun);
  const { build, failure, outputVariables = {} } = actionResult;
  lines.push(...(actionResult.lines ?? []));
  const stop = await stopOf(pipelineRun);
  const ended = { action: action.name, buildId: build?.id, outputVariables, stage: stageName };
  if (stop?.isAbandoned === true) {
    actions.push({ ...ended, status: "Abandoned" });
    return { stopped: { ...stop, abandoned: facts, stage: stageName } };
  }

  const status = failure === undefined ? "Succeeded" : "Failed";
  actions.push({ ...ended, status });
  const now = await emulatedAction(context, place);
  // An approval was ended by who decided.
  if (now.status === "InProgress")
    await emulatedAction(context, place, stateOf(status, actionResult));
  const failed = failure === undefined ? undefined : { ...facts, build, reason: failure, token };
  if (failed !== undefined && stop === undefined) return { failure: failed };
  if (failed === undefined) {
    const result = {
      ...build,
      ...(token === undefined ? {} : { id: token }),
      summary: actionResult.summary,
    };
    await send(actionEvent(events, { ...facts, result }, "SUCCEEDED"));
    if (action.namespace !== undefined) made.namespaces.set(action.namespace, outputVariables);
  }
  return stop && { stopped: { ...stop, stage: stageName } };
}

function stateOf(
  status: "Succeeded" | "Failed",
  { build, failure, outputVariables, summary }: ActionResult,
): ActionState {
  return {
    status,
    errorDetails: failure === undefined ? undefined : { code: "JobFailed", message: failure },
    externalExecutionId: build?.id,
    externalExecutionUrl: build?.url,
    outputVariables,
    summary,
  };
}

/** Whether the run was stopped, and actions in progress were abandoned. */
async function stopOf({
  executionId: pipelineExecutionId,
  pipelineName,
  context,
}: PipelineRun): Promise<{ readonly isAbandoned: boolean; readonly reason: string } | undefined> {
  const codepipeline = await ownerClients(context).codepipeline();
  const asked = { pipelineExecutionId, pipelineName };
  const { pipelineExecution: found } = await codepipeline.getPipelineExecution(asked);
  if (found?.status !== "Stopped" && found?.status !== "Stopping") return undefined;
  return { isAbandoned: found.status === "Stopped", reason: found.statusSummary ?? "" };
}

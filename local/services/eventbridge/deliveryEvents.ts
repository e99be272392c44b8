import { type Origin, type ServiceEvent, serviceEvent } from "./serviceEvent";

/** One run of a CodePipeline. */
export interface DeliveryRun extends Origin {
  readonly pipeline: string;
  /** The version of the pipeline's structure. */
  readonly pipelineVersion: number;
  readonly executionId: string;
  /** More than 1 after a retry of a stage. */
  readonly attempt?: number;
  /** With milliseconds: `2026-11-23T10:00:00.000Z`. */
  readonly startTime: string;
}

type State = "STARTED" | "RESUMED" | "SUCCEEDED" | "FAILED" | "STOPPING" | "STOPPED";
type ActionState = "STARTED" | "SUCCEEDED" | "FAILED" | "ABANDONED";

interface Action {
  readonly stage: string;
  readonly action: string;
  readonly actionExecutionId: string;
  readonly type: {
    readonly owner: string;
    readonly provider: string;
    readonly category: string;
    readonly version: string;
  };
  /** What the service behind the action says of it; left out while it has not ended. */
  readonly result?: {
    /** Left out if there is none, as of a source that was not found. */
    readonly id?: string | undefined;
    readonly url?: string | undefined;
    /** Left out of a build that succeeded. */
    readonly summary?: string | undefined;
    /** Only of a failure, for example `JobFailed`. */
    readonly errorCode?: string;
  };
}

/**
 * The event that CodePipeline sends when a run starts or ends. It does not say why a run failed: its actions do.
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export function deliveryRunEvent(
  run: DeliveryRun,
  state: State,
  trigger?: { readonly type: string; readonly detail: string },
  stopComment?: string,
): ServiceEvent {
  return stateChange("Pipeline", run, {
    "execution-trigger": trigger && {
      "trigger-type": trigger.type,
      "trigger-detail": trigger.detail,
    },
    state,
    "stop-execution-comments": stopComment,
  });
}

/** The event that CodePipeline sends when a stage of a run starts or ends. */
export function stageEvent(run: DeliveryRun, stage: string, state: State): ServiceEvent {
  return stateChange("Stage", run, { stage, state });
}

/** The event that CodePipeline sends when an action of a run starts or ends. */
export function actionEvent(run: DeliveryRun, action: Action, state: ActionState): ServiceEvent {
  const { result } = action;
  return stateChange("Action", run, {
    stage: action.stage,
    "execution-result": result && {
      "external-execution-url": result.url,
      "external-execution-summary": result.summary,
      "external-execution-id": result.id,
      "error-code": result.errorCode,
    },
    "action-execution-id": action.actionExecutionId,
    action: action.action,
    state,
    region: run.region,
    type: action.type,
  });
}

function stateChange(
  level: "Action" | "Pipeline" | "Stage",
  run: DeliveryRun,
  facts: Readonly<Record<string, unknown>>,
): ServiceEvent {
  const { accountId, partition, region, pipeline } = run;
  return serviceEvent(run, {
    source: "aws.codepipeline",
    detailType: `CodePipeline ${level} Execution State Change`,
    resources: [`arn:${partition}:codepipeline:${region}:${accountId}:${pipeline}`],
    detail: {
      pipeline,
      "execution-id": run.executionId,
      "start-time": run.startTime,
      ...facts,
      version: run.pipelineVersion,
      "pipeline-execution-attempt": run.attempt ?? 1,
    },
  });
}

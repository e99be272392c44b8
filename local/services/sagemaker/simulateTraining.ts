import type { Report } from "../../../lib/progress";
import { authorizedClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import type { ServiceEvent } from "../eventbridge/serviceEvent";
import { showExecution } from "./emulatorState";
import { type Execution, modelVersion, readExecution } from "./execution";
import { executionEvents } from "./executionEvents";
import { pullProblems } from "./images";
import { notSimulated } from "./notSimulated";
import { type Project, examine } from "./problems";
import type { Skipped } from "./remoteSteps";
import { type Simulated, type StepRecord, simulateSteps } from "./simulateSteps";
import { watchForStop } from "./stopWatch";

export interface TrainingOptions {
  /** What the deployed project lets a definition say. */
  readonly project: Project;
  /** Stands for the Python of every image. */
  readonly python: string;
  /** Stands for the Python of every image that serves a model. */
  readonly servingPython: string;
  readonly report?: Report;
  /** Logs what has no effect in the local cloud. */
  readonly note?: (line: string) => void;
}

/** An execution that has ended. */
export interface TrainingRun {
  readonly status: "Succeeded" | "Failed" | "Stopped";
  /** Those that began, in order. */
  readonly steps: readonly StepRecord[];
  /** Those that only AWS runs, and those that need them. */
  readonly skipped: readonly Skipped[];
  /** Of the version that was registered, if one was. */
  readonly modelPackageArn?: string;
  /** What SageMaker sends to EventBridge, in order. */
  readonly events: readonly ServiceEvent[];
}

/**
 * Plays a started execution to its end, on this machine and under its role; throws, with every
 * problem, if its definition says what the project does not let it say.
 */
export async function simulateTraining(
  executionArn: string,
  context: AwsContext,
  options: TrainingOptions,
): Promise<TrainingRun> {
  const { note = () => undefined, project, report = () => undefined } = options;
  const show = (status: TrainingRun["status"], FailureReason?: string): Promise<void> =>
    showExecution(context, {
      PipelineExecutionArn: executionArn,
      PipelineExecutionStatus: status,
      FailureReason,
    });
  try {
    const execution = await readExecution(executionArn, context);
    const by = { service: "sagemaker.amazonaws.com", sourceArn: execution.pipelineArn };
    const credentials = await context.proxy.assume(execution.roleArn, by);
    for (const line of notSimulated(execution.definition)) note(line);
    const { images, problems } = examine(execution.definition, execution.scope, project);
    // A job pulls its image with its own role.
    const puller =
      project.executionRoleArn === execution.roleArn
        ? credentials
        : await context.proxy.assume(project.executionRoleArn, by);
    reject([...problems, ...(await pullProblems(images, puller, context))]);

    const watch = watchForStop(executionArn, context);
    const clients = authorizedClients(context, credentials);
    const { signal } = watch;
    const { python, servingPython } = options;
    const pythons = { python, servingPython };
    const site = { context, pipelineClients: clients, execution, signal, report, ...pythons };
    const ended = await simulateSteps(site).finally(watch.end);
    const status = ofAll(ended.steps, watch.isStopping());
    await show(status, status === "Failed" ? STEP_FAILED : undefined);
    return await runOf(execution, ended, status, context);
  } catch (error) {
    if (!context.signal.aborted) await show("Failed", String(error).slice(0, 1000));
    throw error;
  }
}

// As AWS puts it; the step holds the failure.
const STEP_FAILED = "Step failure: One or multiple steps failed.";

function reject(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(`the pipeline definition is invalid:\n  - ${problems.join("\n  - ")}`);
}

function ofAll(steps: readonly StepRecord[], isStopping: boolean): TrainingRun["status"] {
  if (isStopping || steps.some(({ status }) => status === "Stopped")) return "Stopped";
  return steps.some(({ status }) => status === "Failed") ? "Failed" : "Succeeded";
}

async function runOf(
  execution: Execution,
  { skipped, steps }: Simulated,
  status: TrainingRun["status"],
  context: AwsContext,
): Promise<TrainingRun> {
  const modelPackageArn = steps
    .map(({ metadata }) => metadata.RegisterModel?.Arn)
    .find((arn) => arn !== undefined);
  const model =
    modelPackageArn === undefined ? undefined : await modelVersion(modelPackageArn, context);
  const events = executionEvents(execution, steps, status, model, context);
  return { status, steps, skipped, modelPackageArn, events };
}

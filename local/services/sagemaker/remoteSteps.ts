import { type RemoteType, type Step, everyStep, needsOf } from "./definition";

/** A step that only AWS runs, or one that needs such a step. */
export interface Skipped {
  readonly name: string;
  /** For example `type Lambda`. */
  readonly reason: string;
}

/** Action of the execution role on AWS; undefined if the role of the stack allows it. */
const actions: Readonly<Record<RemoteType, string | undefined>> = {
  AutoML: "sagemaker:CreateAutoMLJobV2",
  Callback: "sqs:SendMessage",
  ClarifyCheck: undefined,
  EMR: "elasticmapreduce:AddJobFlowSteps",
  EMRServerless: "emr-serverless:StartJobRun",
  Lambda: "lambda:InvokeFunction",
  QualityCheck: undefined,
  Tuning: "sagemaker:CreateHyperParameterTuningJob",
};

/**
 * The step, if it cannot be simulated, with the steps in its branches, which nothing decides on; empty if it can.
 * @param skipped earlier skipped steps
 */
export function skippedWith(step: Step, skipped: readonly Skipped[]): Skipped[] {
  const reason = reasonOf(step, skipped);
  if (reason === undefined) return [];
  const [, ...inBranches] = everyStep([step]);
  return [
    { name: step.Name, reason },
    ...inBranches.map(({ Name: name }) => ({ name, reason: `needs step ${step.Name}` })),
  ];
}

/** One line for each skipped step. */
export function skippedLines(skipped: readonly Skipped[]): string[] {
  return skipped.map(({ name, reason }) => `step ${name} was not simulated: ${reason}`);
}

function reasonOf(step: Step, skipped: readonly Skipped[]): string | undefined {
  if (isRemote(step)) {
    const action = actions[step.Type];
    return `type ${step.Type}${action === undefined ? "" : `, which needs ${action} on AWS`}`;
  }
  const needed = skipped.find(({ name }) => needsOf(step).has(name));
  return needed === undefined ? undefined : `needs step ${needed.name}`;
}

function isRemote(step: Step): step is Step & { readonly Type: RemoteType } {
  return step.Type in actions;
}

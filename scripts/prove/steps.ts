import { messageOf } from "../../lib/errors";
import { type Report, withProgress } from "../../lib/progress";
import { NotChecked } from "./kit";

/** Steps of a run in their order, with what only AWS can show in them. */
export const onlyAws = {
  guard: "EventBridge Scheduler accepts the schedules, and IAM shows a new role in time",
  quotas: "the SageMaker quotas of the account",
  definition: "SageMaker accepts the pipeline definition of the starter",
  up: "AWS accepts every resource, in its order and with its delays",
  "first-run":
    "the images of build, processing and training; log groups; the role of a new pipeline",
  image: "the serving image installs the inference code without a network",
  push: "the event of a push matches the rule",
  deploy: "EventBridge passes the variable; how long instances take to start; the approval",
  "second-version": "a push registers a version",
  rollback:
    "alarm and traffic shift roll back; the metrics of the new instances; CodePipeline's rollback",
  reject: "the event of a rejection starts a deployment that changes nothing",
  durations: "durations of builds, jobs and deployments",
  delete: "how long SageMaker takes to delete an endpoint",
  destroy: "AWS deletes every resource",
  denials: "IAM decides as the policy simulator does",
  events: "the bodies of all events, also of an automatic rollback",
  unguard: "nothing of the run is left but its evidence",
} as const;

export type StepName = keyof typeof onlyAws;

/** Result of a step. */
export interface StepResult {
  readonly details: readonly string[];
  readonly result: "failed" | "not checked" | "not reached" | "passed";
  readonly seconds: number;
  readonly step: StepName;
}

/** Runs steps and keeps their results; a step that fails prevents only its user from going on. */
export function startSteps(print: (line: string) => void, isAws: boolean) {
  const results: StepResult[] = [];

  /** Whether the step did not fail. */
  async function run(
    step: StepName,
    work: (report: Report) => Promise<string[]>,
  ): Promise<boolean> {
    const started = Date.now();
    const { details, result } = await outcomeOf(() => withProgress(step, work));
    const seconds = Math.round((Date.now() - started) / 1000);
    results.push({ details, result, seconds, step });
    print(`${step}: ${result} (${String(seconds)} s)`);
    for (const line of details) print(`  ${line}`);
    if (!isAws) print(`  not checked here, only AWS shows: ${onlyAws[step]}`);
    return result !== "failed";
  }

  /** Results of all steps. */
  function all(): StepResult[] {
    const names = Object.keys(onlyAws) as StepName[];
    return names.map(
      (step) =>
        results.find((it) => it.step === step) ?? {
          details: [],
          result: "not reached",
          seconds: 0,
          step,
        },
    );
  }

  /** Whether the step was begun. */
  function isReached(step: StepName): boolean {
    return results.some((it) => it.step === step);
  }

  return { all, isReached, run };
}

async function outcomeOf(
  work: () => Promise<string[]>,
): Promise<Pick<StepResult, "details" | "result">> {
  try {
    return { details: await work(), result: "passed" };
  } catch (error) {
    const result = error instanceof NotChecked ? "not checked" : "failed";
    return { details: messageOf(error).split("\n"), result };
  }
}

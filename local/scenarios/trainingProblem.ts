import { skippedLines } from "../services/sagemaker/remoteSteps";
import type { TrainingRun } from "../services/sagemaker/simulateTraining";

const PAGE = "docs/how-to/your-own-repository.md";

/**
 * Why the builds of a push did not lead to one model version, with the next step; undefined if they did.
 * @param lines output of the builds
 */
export function trainingProblem(
  trainings: readonly Pick<TrainingRun, "modelPackageArn" | "skipped" | "status" | "steps">[],
  lines: readonly string[],
): string | undefined {
  const [first, ...more] = trainings;
  if (first === undefined) {
    const output = lines.slice(-10).join("\n");
    return (
      "The build succeeded and started no execution of a SageMaker pipeline. Next: create the pipeline " +
      `named SAGEMAKER_PIPELINE_NAME, and call StartPipelineExecution in the build (${PAGE}). Its last lines:\n${output}`
    );
  }
  if (more.length > 0) {
    const count = trainings.length.toString();
    return `The builds started ${count} executions of SageMaker pipelines. Next: start one for each commit.`;
  }
  const failed = first.steps.find(({ status }) => status !== "Succeeded");
  if (first.status !== "Succeeded") {
    const step = failed === undefined ? "" : `: step ${failed.name}: ${failed.failureReason ?? ""}`;
    return `The execution of the SageMaker pipeline ended with the status ${first.status}${step}`;
  }
  if (first.modelPackageArn === undefined) {
    if (first.skipped.length > 0) {
      const lines = skippedLines(first.skipped).join("\n");
      return `The execution registered no model version, since the local cloud does not simulate every step:\n${lines}\nNext: move these steps to a pipeline of their own, or run the code on AWS (${PAGE}).`;
    }
    const ran = first.steps.map(({ name }) => name).join(", ");
    return `The execution registered no model version. Its steps: ${ran}. Next: check the conditions before the RegisterModel step (${PAGE}).`;
  }
  return undefined;
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { AwsContext } from "../../iam/contract";
import type { Made } from "./pipelineRun";

const text = z.record(z.string(), z.string());
const passedShape = z.object({
  executionId: z.string(),
  pipelineVersion: z.number(),
  commitId: z.string(),
  artifacts: z.record(z.string(), z.object({ bucket: z.string(), key: z.string() })),
  namespaces: z.record(z.string(), text),
});

/** Which execution passed a stage last, and with what. */
export interface Passed {
  readonly executionId: string;
  /** Of the pipeline's structure. */
  readonly pipelineVersion: number;
  readonly made: Made;
}

/** Remembers that an execution passed the stage, for as long as the stack is deployed. */
export function rememberPassed(
  { executionId, made, pipelineVersion }: Passed,
  pipelineName: string,
  stageName: string,
  context: AwsContext,
): void {
  const file = fileOf(pipelineName, stageName, context);
  mkdirSync(join(file, ".."), { recursive: true });
  const passed: z.output<typeof passedShape> = {
    executionId,
    pipelineVersion,
    commitId: made.commitId,
    artifacts: Object.fromEntries(made.artifacts),
    namespaces: Object.fromEntries(made.namespaces),
  };
  writeFileSync(file, JSON.stringify(passed, undefined, 2));
}

/**
 * The execution to which CodePipeline would roll the stage back: the last that passed it, if it ran in the structure
 * that the pipeline has now.
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
 */
export function lastPassed(
  pipelineName: string,
  stageName: string,
  pipelineVersion: number,
  context: AwsContext,
): Passed | undefined {
  const file = fileOf(pipelineName, stageName, context);
  if (!existsSync(file)) return undefined;
  const { artifacts, commitId, namespaces, ...passed } = passedShape.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  if (passed.pipelineVersion !== pipelineVersion) return undefined;
  const made = {
    artifacts: new Map(Object.entries(artifacts)),
    commitId,
    namespaces: new Map(Object.entries(namespaces)),
  };
  return { ...passed, made };
}

/** An execution that failed, as a retry of its stage continues it. */
export interface FailedStage extends Passed {
  readonly stageName: string;
}

/** Remembers what an execution had when a stage failed. */
export function rememberFailed(
  { stageName, ...failed }: FailedStage,
  pipelineName: string,
  context: AwsContext,
): void {
  rememberPassed(failed, failedIn({ ...failed, pipelineName }), stageName, context);
}

/** The stage in which the execution failed before; undefined if it did not, or if the pipeline is another now. */
export function failedStage(
  execution: Execution,
  stageNames: readonly string[],
  pipelineVersion: number,
  context: AwsContext,
): FailedStage | undefined {
  for (const stageName of [...stageNames].reverse()) {
    const found = lastPassed(failedIn(execution), stageName, pipelineVersion, context);
    if (found !== undefined) return { ...found, stageName };
  }
  return undefined;
}

interface Execution {
  readonly executionId: string;
  readonly pipelineName: string;
}

function failedIn({ executionId, pipelineName }: Execution): string {
  return join(pipelineName, "failed", executionId);
}

function fileOf(pipelineName: string, stageName: string, { scratch }: AwsContext): string {
  return join(scratch, "passed-stages", pipelineName, `${stageName}.json`);
}

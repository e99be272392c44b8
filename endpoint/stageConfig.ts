import { z } from "zod";

import { problemsOf, problem, validationError } from "../components/validation/errors";
import { group, integer, ruleText, text } from "../components/validation/fields";
import type { StageName } from "./environment";

const number = (min: number, max: number, what: string, example: number) =>
  z.custom<number>((value) => typeof value === "number" && value >= min && value <= max, {
    error: ruleText(`must be ${what} from ${String(min)} to ${String(max)}`, example),
  });

const instances = (example: number) => integer(1, 1000, "instances", example);

const exampleScaling = { minimum: 2, maximum: 4, invocationsPerInstance: 500 };
const exampleCanary = { percent: 10, minutes: 5 };
const exampleTest = { minimumAccuracy: 0.9 };

const known = {
  /** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html */
  instanceType: text(
    "must be an instance type of SageMaker's hosting",
    "ml.m5.large",
    /^ml\.[a-z0-9-]+\.[a-z0-9]+$/,
  ),
  instanceCount: instances(2),
  autoscaling: group(exampleScaling, {
    minimum: instances(2),
    maximum: instances(4),
    invocationsPerInstance: integer(1, 1_000_000, "invocations in a minute", 500),
  }).optional(),
  dataCapture: group(
    { samplingPercentage: 20 },
    { samplingPercentage: integer(0, 100, "percent", 20) },
  ).optional(),
  canary: group(exampleCanary, {
    percent: integer(1, 50, "percent", 10).default(10),
    // Alarms look at two minutes; and all of a deployment must fit into the hour that the provider waits.
    minutes: integer(3, 30, "minutes", 5).default(5),
    maximumErrors: integer(0, 1_000_000, "errors in a minute", 0).default(0),
    maximumLatencyMilliseconds: integer(1, 60_000, "milliseconds", 500).default(1000),
  }).optional(),
};

/** What the test stage reads of the same file, in its own language; here only so that a mistake is told before anything is made. */
const test = group(exampleTest, {
  minimumAgreement: number(0, 1, "a share", 1).optional(),
  tolerance: number(0, 1, "a number", 0.000001).optional(),
  minimumAccuracy: number(0, 1, "a share", 0.9).optional(),
  maximumLatencyMilliseconds: number(1, 60_000, "milliseconds", 200).optional(),
}).optional();

const example = { instanceType: "ml.m5.large", instanceCount: 2 };
const schemas = { prod: group(example, known), staging: group(example, { ...known, test }) };

/** How one stage's endpoint is to be, checked and with its defaults filled in. */
export type StageConfig = z.output<(typeof schemas)["prod"]>;

/** What fires the alarms where the config has no word on it. */
export const usualThresholds = { maximumErrors: 0, maximumLatencyMilliseconds: 1000 };

/**
 * Checks a stage's config file.
 * @param written the file's text
 * @throws RunError with all problems at once, each naming key, rule, example and value
 */
export function stageConfigFrom(written: string, stage: StageName): StageConfig {
  const where = `${stage}-config.json`;
  const raw = parsed(written, where);
  const { data, error } = schemas[stage].safeParse(raw);
  const problems = [...problemsOf(raw, error?.issues ?? []), ...numberProblems(raw, stage)];
  if (data === undefined || problems.length > 0) throw validationError(where, problems);
  const { autoscaling, canary, dataCapture, instanceCount, instanceType } = data;
  return { autoscaling, canary, dataCapture, instanceCount, instanceType };
}

function parsed(written: string, where: string): unknown {
  try {
    return JSON.parse(written);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw validationError(where, [`the file ${ruleText("must be JSON", example)}; ${reason}`]);
  }
}

const countsShape = z.object({
  autoscaling: z.object({ maximum: z.number(), minimum: z.number() }).optional(),
  canary: z.object({}).optional(),
  instanceCount: z.number(),
});

/** Apart from the schema: what holds between the numbers. Those that are none are the schema's to tell. */
function numberProblems(raw: unknown, stage: StageName): string[] {
  const { data } = countsShape.safeParse(raw);
  if (data === undefined) return [];
  const { autoscaling, canary, instanceCount } = data;
  const problems: string[] = [];
  const isProd = stage === "prod";
  if (isProd && instanceCount < 2) {
    const rule = ruleText("must be at least 2 in production, so that one may fail", 2);
    problems.push(problem("instanceCount", rule, instanceCount));
  } else if (canary !== undefined && instanceCount < 2) {
    const rule = ruleText(
      "must be at least 2 with a canary, which is half of the instances at most",
      2,
    );
    problems.push(problem("instanceCount", rule, instanceCount));
  }
  if (autoscaling === undefined) return problems;
  const { maximum, minimum } = autoscaling;
  if (isProd && minimum < 2) {
    const rule = ruleText("must be at least 2 in production, so that one may fail", 2);
    problems.push(problem("autoscaling.minimum", rule, minimum));
  }
  if (minimum > maximum) {
    const rule = ruleText("must be at least autoscaling.minimum", exampleScaling);
    problems.push(problem("autoscaling.maximum", rule, maximum));
  } else if (instanceCount < minimum || instanceCount > maximum) {
    const rule = `must be from autoscaling.minimum to autoscaling.maximum, for example ${String(minimum)}`;
    problems.push(problem("instanceCount", rule, instanceCount));
  }
  return problems;
}

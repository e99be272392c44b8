import { z } from "zod";

import { type Json, json } from "./json";

const parameter = z.strictObject({
  Name: z.string(),
  Type: z.enum(["String", "Integer", "Float", "Boolean"]),
  DefaultValue: z.union([z.string(), z.number(), z.boolean()]).optional(),
  EnumValues: z.array(z.union([z.string(), z.number()])).optional(),
});

const propertyFile = z.strictObject({
  PropertyFileName: z.string(),
  OutputName: z.string(),
  FilePath: z.string(),
});

const common = {
  Name: z.string().regex(/^[A-Za-z0-9\-_]{1,64}$/),
  DisplayName: z.string().optional(),
  Description: z.string().optional(),
  DependsOn: z.array(z.string()).optional(),
  // Each step runs, and no instance is lost: read, and not simulated.
  CacheConfig: json.optional(),
  RetryPolicies: json.optional(),
};

const jobArguments = z.record(z.string(), json);

const failStep = z.strictObject({
  ...common,
  Type: z.literal("Fail"),
  Arguments: z.strictObject({ ErrorMessage: json }),
});

const processingStep = z.strictObject({
  ...common,
  Type: z.literal("Processing"),
  Arguments: jobArguments,
  PropertyFiles: z.array(propertyFile).optional(),
});

const trainingStep = z.strictObject({
  ...common,
  Type: z.literal("Training"),
  Arguments: jobArguments,
});

const registerStep = z.strictObject({
  ...common,
  Type: z.literal("RegisterModel"),
  Arguments: jobArguments,
});

const modelStep = z.strictObject({
  ...common,
  Type: z.literal("Model"),
  Arguments: jobArguments,
});

const transformStep = z.strictObject({
  ...common,
  Type: z.literal("Transform"),
  Arguments: jobArguments,
});

/** Steps that only AWS runs: each with members of its own, for example the function of a Lambda step. */
const remoteStep = z.looseObject({
  ...common,
  Type: z.enum([
    "AutoML",
    "Callback",
    "ClarifyCheck",
    "EMR",
    "EMRServerless",
    "Lambda",
    "QualityCheck",
    "Tuning",
  ]),
  Arguments: json.default({}),
});

const plainStep = z.discriminatedUnion("Type", [
  processingStep,
  trainingStep,
  modelStep,
  transformStep,
  registerStep,
  failStep,
  remoteStep,
]);

interface ConditionStep extends z.infer<z.ZodObject<typeof common>> {
  Type: "Condition";
  Arguments: { Conditions: Json[]; IfSteps: Step[]; ElseSteps: Step[] };
}

export type Step = z.infer<typeof plainStep> | ConditionStep;
export type StepOf<Type extends Step["Type"]> = Extract<Step, { Type: Type }>;
/** Types of the steps that the local cloud skips, with all steps that need them. */
export type RemoteType = z.infer<typeof remoteStep>["Type"];

const conditionStep = z.strictObject({
  ...common,
  Type: z.literal("Condition"),
  Arguments: z.strictObject({
    Conditions: z.array(json),
    IfSteps: z.array(z.lazy((): z.ZodType<Step> => step)),
    ElseSteps: z.array(z.lazy((): z.ZodType<Step> => step)),
  }),
});

const step: z.ZodType<Step> = z.discriminatedUnion("Type", [...plainStep.options, conditionStep], {
  error: ({ input }) =>
    `the local cloud does not simulate the step type ${JSON.stringify(typeOf(input))}`,
});

function typeOf(input: unknown): unknown {
  return Reflect.get(Object(input), "Type");
}

const definition = z.strictObject({
  Version: z.literal("2020-12-01"),
  Metadata: z.record(z.string(), json).optional(),
  Parameters: z.array(parameter).default([]),
  PipelineExperimentConfig: json.default(null),
  MlflowConfig: z.null({ error: "the local cloud does not simulate an MLflow server" }).optional(),
  Steps: z.array(step).min(1),
});

export type Definition = z.infer<typeof definition>;

/** The definition as it is typed here; throws, with every place, for what this machine cannot simulate. */
export function parseDefinition(text: string): Definition {
  const read = definition.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ message, path }) => `${path.join(".")}: ${message}`);
  throw new Error(
    `the local cloud cannot run the pipeline definition:\n  - ${lines.join("\n  - ")}`,
  );
}

/** Every step with those in the branches of conditions, a condition before its branches. */
export function everyStep(steps: readonly Step[]): Step[] {
  return steps.flatMap((one) =>
    one.Type === "Condition"
      ? [one, ...everyStep([...one.Arguments.IfSteps, ...one.Arguments.ElseSteps])]
      : [one],
  );
}

/** Names of the steps that must end before this one begins; of a condition, not those of its branches. */
export function needsOf(one: Step): Set<string> {
  const own: Json = one.Type === "Condition" ? one.Arguments.Conditions : one.Arguments;
  return new Set([...(one.DependsOn ?? []), ...references(own)]);
}

function references(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  const { Get } = value;
  const named = typeof Get === "string" ? /^Steps\.([^.[]+)/.exec(Get)?.[1] : undefined;
  return named === undefined ? Object.values(value).flatMap(references) : [named];
}

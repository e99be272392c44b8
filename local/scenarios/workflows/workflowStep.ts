import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

const GITHUB = join(__dirname, "..", "..", "..", ".github");

const stepShape = z.looseObject({
  name: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
});
const steps = z.object({ steps: z.array(stepShape) });
const fileShape = z.object({
  jobs: z.record(z.string(), steps).default({}),
  runs: steps.optional(),
});

/** Script of a `run` step, with its environment variables. */
export interface WorkflowStep {
  readonly env: Readonly<Record<string, string>>;
  readonly name: string;
  readonly script: string;
}

/**
 * A `run` step of a workflow or an action, as it is in `.github/`.
 * @param values values of the expressions in its environment, for example of `github.token`
 * @throws if there is no such step, or an expression has no value
 */
export function workflowStep(
  { file, job, name }: { readonly file: string; readonly job?: string; readonly name: string },
  values: Readonly<Record<string, string>>,
): WorkflowStep {
  const { jobs, runs } = fileShape.parse(parse(readFileSync(join(GITHUB, file), "utf8")));
  const found = (job === undefined ? runs : jobs[job])?.steps.find((step) => step.name === name);
  if (found?.run === undefined) throw new Error(`.github/${file}: no run step "${name}"`);
  const evaluated = (text: string): string =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      const value = values[expression];
      if (value === undefined) throw new Error(`.github/${file}: no value for ${expression}`);
      return value;
    });
  const env = Object.entries(found.env).map(([key, value]) => [key, evaluated(value)] as const);
  return { env: Object.fromEntries(env), name, script: evaluated(found.run) };
}

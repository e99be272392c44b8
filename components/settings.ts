import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "./args";
import { projectWord } from "./checks/limits";
import { describe, problem, refusal } from "./checks/problems";
import { sentence } from "./checks/rules";
import { defaultBranch, schema } from "./checks/schema";
import { overlongName } from "./names";

/** Everything that shapes a project, checked and with its defaults filled in. */
export type Settings = ReturnType<typeof settle>;

/**
 * Checks `raw` against every rule and fills in the defaults.
 * @param raw arguments as a caller or a stack config gives them
 * @param where what the user would call the place that `raw` came from
 * @throws RunError with all problems at once, each naming key, rule, example and value
 */
export function settle(raw: Partial<ModelBuildPipelineArgs>, where: string) {
  const named = { ...raw, projectId: raw.projectId ?? pulumi.getStack() };
  const { data, error } = schema.safeParse(named);
  const problems = [
    ...describe(named, error?.issues ?? []),
    ...sourceProblems(named),
    ...lengthProblems(named),
  ];
  if (data === undefined || problems.length > 0) throw refusal(where, problems);

  // Training outlasts a build that only starts it; a build that waits needs room for it.
  const timeoutMinutes = data.build.timeoutMinutes ?? (data.build.waitForTraining ? 480 : 60);
  return { ...data, build: { ...data.build, timeoutMinutes } };
}

/** Apart from the schema, whose refinements are skipped as soon as anything else is wrong. */
function sourceProblems({
  source = { codecommit: {} },
}: Partial<ModelBuildPipelineArgs>): string[] {
  const kinds = ["codecommit", "existing", "connection"] as const;
  if (typeof source !== "object" || kinds.filter((kind) => source[kind]).length === 1) return [];
  const rule = sentence(`must have exactly one of ${kinds.join(", ")}`, {
    codecommit: defaultBranch,
  });
  return [problem("source", rule, source)];
}

function lengthProblems({ projectName, projectId }: Partial<ModelBuildPipelineArgs>): string[] {
  const areWords = [projectName, projectId].every((it) => projectWord.test(String(it)));
  if (!areWords || projectName === undefined || projectId === undefined) return [];
  const overlong = overlongName({ projectName, projectId });
  if (overlong === undefined) return [];
  const { name, what, limit } = overlong;
  const rule = sentence(
    `and projectId must be ${String(name.length - limit)} characters shorter together: the ${what} would be called ` +
      `"${name}", and AWS allows ${String(limit)}`,
    { projectName: "churn", projectId: "dev" },
  );
  return [problem("projectName", rule, { projectName, projectId })];
}

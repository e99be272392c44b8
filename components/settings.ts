import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { ModelBuildPipelineArgs } from "./args";
import { deploySchema, stackSchema } from "./checks/deploySchema";
import { projectWord } from "./checks/limits";
import { exampleNetwork, networkVariables } from "./checks/network";
import { describe, problem, refusal } from "./checks/problems";
import { ownVariable, sentence } from "./checks/rules";
import { exampleImages, exampleKey, schema } from "./checks/schema";
import { defaultBranch } from "./checks/source";
import type { DeployBuildArgs, ModelDeployPipelineArgs } from "./deployArgs";
import { overlongName } from "./names";

/** Everything that shapes a model build, checked and with its defaults filled in. */
export type Settings = ReturnType<typeof settle>;

/** Everything that shapes a deployment, checked and with its defaults filled in. */
export type DeploySettings = ReturnType<typeof settleDeploy>;

/** Whether and how a stack's models are deployed, as its config says it. */
interface DeployConfig {
  approvalTimeoutMinutes?: number;
  build?: DeployBuildArgs;
  enabled?: boolean;
  source?: ModelBuildPipelineArgs["source"];
}

/** All that a stack config says. */
type StackConfig = Omit<ModelBuildPipelineArgs, "deployment"> & { deploy?: DeployConfig };

/**
 * Checks `raw` against every rule and fills in the defaults.
 * @param raw arguments as a caller gives them
 * @param where what the user would call the place that `raw` came from
 * @throws RunError with all problems at once, each naming key, rule, example and value
 */
export function settle(raw: Partial<ModelBuildPipelineArgs>, where: string) {
  return withTimeout(checked(schema, raw, buildProblems, where));
}

/** Like {@link settle}, for a stack config, which also says whether and how models are deployed. */
export function settleStack(raw: Partial<StackConfig>, where: string) {
  const problemsOf = (named: Partial<StackConfig>) => [
    ...buildProblems({ ...named, deployment: named.deploy?.enabled === true }),
    ...sourceProblems(named.deploy?.source, "deploy.source"),
  ];
  return withTimeout(checked(stackSchema, raw, problemsOf, where));
}

/** Like {@link settle}, for a `ModelDeployPipeline`. */
export function settleDeploy(raw: Partial<ModelDeployPipelineArgs>, where: string) {
  const problemsOf = (named: Partial<ModelDeployPipelineArgs>) => [
    ...sourceProblems(named.source, "source"),
    ...lengthProblems({ ...named, deployment: true }),
  ];
  return checked(deploySchema, raw, problemsOf, where);
}

function checked<Shape extends z.ZodType, Raw extends { projectId?: string }>(
  shape: Shape,
  raw: Raw,
  problemsOf: (named: Raw) => string[],
  where: string,
): z.output<Shape> {
  const named = { ...raw, projectId: raw.projectId ?? pulumi.getStack() };
  const { data, error } = shape.safeParse(named);
  const problems = [...describe(named, error?.issues ?? []), ...problemsOf(named)];
  if (data === undefined || problems.length > 0) throw refusal(where, problems);
  return data;
}

/** Training outlasts a build that only starts it; a build that waits needs room for it. */
function withTimeout<
  Data extends { build: { timeoutMinutes?: number | undefined; waitForTraining: boolean } },
>(data: Data) {
  const timeoutMinutes = data.build.timeoutMinutes ?? (data.build.waitForTraining ? 480 : 60);
  return { ...data, build: { ...data.build, timeoutMinutes } };
}

function buildProblems(named: Partial<ModelBuildPipelineArgs>): string[] {
  return [
    ...sourceProblems(named.source, "source"),
    ...networkProblems(named),
    ...lengthProblems(named),
  ];
}

/** Apart from the schema, whose refinements are skipped as soon as anything else is wrong. */
function sourceProblems(
  source: ModelBuildPipelineArgs["source"] = { codecommit: {} },
  key: string,
): string[] {
  const kinds = ["codecommit", "existing", "connection"] as const;
  if (typeof source !== "object" || kinds.filter((kind) => source[kind]).length === 1) return [];
  const rule = sentence(`must have exactly one of ${kinds.join(", ")}`, {
    codecommit: defaultBranch,
  });
  return [problem(key, rule, source)];
}

/** With a network, its variables are the component's; without one, `build.environment` may say what it likes of them. */
function networkProblems({
  build,
  deployment,
  network,
  training,
}: Partial<ModelBuildPipelineArgs>): string[] {
  // Nothing in it is no network; a single switch without one would be lost.
  if (typeof network !== "object" || Object.keys(network).length === 0) return [];
  const kinds = ["existing", "created"] as const;
  if (kinds.filter((kind) => network[kind]).length !== 1) {
    const rule = sentence(`must have exactly one of ${kinds.join(", ")}`, exampleNetwork);
    return [problem("network", rule, network)];
  }
  const environment = new Map(Object.entries(build?.environment ?? {}));
  return [
    ...networkVariables(network)
      .filter((name) => environment.has(name))
      .map((name) =>
        problem(`build.environment.${name}`, ownVariable(name), environment.get(name)),
      ),
    ...roomProblems(training),
    ...(deployment === true ? subnetProblems(network.existing) : []),
  ];
}

/** And the role of a build that deploys names each subnet twice. */
function subnetProblems(existing: { subnetIds?: unknown } = {}): string[] {
  const { subnetIds } = existing;
  if (!Array.isArray(subnetIds) || subnetIds.length <= 10) return [];
  const rule = sentence(
    "must be a list of at most 10 entries where models are deployed",
    exampleNetwork.existing.subnetIds,
  );
  return [problem("network.existing.subnetIds", rule, subnetIds)];
}

/** The longest of everything would be more than IAM takes: a network is named twice in the execution role's policy. */
function roomProblems(training: ModelBuildPipelineArgs["training"] = {}): string[] {
  const examples = {
    dataBuckets: "churn-data",
    dataKeyArns: exampleKey,
    imageRepositoryArns: exampleImages,
  };
  return Object.entries(training).flatMap(([list, entries]) => {
    const example: unknown = Reflect.get(examples, list);
    if (example === undefined || !Array.isArray(entries) || entries.length <= 4) return [];
    const rule = sentence("must be a list of at most 4 entries where there is a network", [
      example,
    ]);
    return [problem(`training.${list}`, rule, entries)];
  });
}

function lengthProblems({
  deployment = false,
  projectId,
  projectName,
}: Pick<Partial<ModelBuildPipelineArgs>, "deployment" | "projectId" | "projectName">): string[] {
  const areWords = [projectName, projectId].every((it) => projectWord.test(String(it)));
  if (!areWords || projectName === undefined || projectId === undefined) return [];
  const overlong = overlongName({ projectName, projectId }, { deployment });
  if (overlong === undefined) return [];
  const { name, what, limit } = overlong;
  const rule = sentence(
    `and projectId must be ${String(name.length - limit)} characters shorter together: the ${what} would be called ` +
      `"${name}", and AWS allows ${String(limit)}`,
    { projectName: "churn", projectId: "dev" },
  );
  return [problem("projectName", rule, { projectName, projectId })];
}

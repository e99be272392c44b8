import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { ModelBuildPipelineArgs } from "../modelBuild/modelBuildPipelineArgs";
import { deploySchema, type StackConfig, stackSchema } from "./modelDeploySchema";
import { defaults, dependentDefaults } from "./defaults";
import { fewWithNetwork, subnetIdsWithDeployment } from "./limits";
import * as limits from "./patterns";
import { modelBuildProblems } from "./modelBuildFit";
import { exampleNetwork, networkVariables } from "./network";
import { problemsOf, problem, validationError } from "./errors";
import { reservedVariableRule, ruleText } from "./fields";
import { exampleImages, exampleKey, schema } from "./modelBuildSchema";
import { defaultBranch } from "./source";
import type { ModelDeployPipelineArgs } from "../modelDeploy/modelDeployPipelineArgs";
import { excessOf, overlongNames } from "../names/names";

/** Validated settings of a model build, with defaults. */
export type Settings = ReturnType<typeof resolveSettings>;

/** Validated settings of a deployment, with defaults. */
export type DeploySettings = ReturnType<typeof resolveDeploySettings>;

/**
 * Validates the arguments of `ModelBuildPipeline`, and adds the defaults.
 * @param raw arguments of the caller
 * @param where source of `raw`, for the validation error
 * @throws RunError with all problems, each with key, rule, example and value
 */
export function resolveSettings(raw: Partial<ModelBuildPipelineArgs>, where: string) {
  return withBuildTimeout(validate(schema, raw, buildProblems, where));
}

/**
 * Like {@link resolveSettings}, for a stack config, which includes the deployment. Its builds have
 * the image and the compute type of `build`; `deploy.build` may set another image.
 */
export function resolveStackSettings(raw: Partial<StackConfig>, where: string) {
  const furtherProblems = (input: Partial<StackConfig>) => [
    ...buildProblems({ ...input, deployment: input.deploy?.enabled === true }),
    ...sourceProblems(input.deploy?.source, "deploy.source"),
  ];
  const settings = withBuildTimeout(validate(stackSchema, raw, furtherProblems, where));
  const { build, deploy } = settings;
  const { computeType } = build;
  const deployBuild = { ...deploy.build, computeType, image: deploy.build.image ?? build.image };
  return { ...settings, deploy: { ...deploy, build: deployBuild } };
}

/** Like {@link resolveSettings}, for a `ModelDeployPipeline`. */
export function resolveDeploySettings(raw: Partial<ModelDeployPipelineArgs>, where: string) {
  const furtherProblems = (input: Partial<ModelDeployPipelineArgs>) => [
    ...sourceProblems(input.source, "source"),
    ...lengthProblems({ ...input, deployment: true }),
    ...reservedWordProblems(input),
    ...modelBuildProblems(input, { namePrefix: defaults.namePrefix, posture: defaults.posture, ...input }),
  ];
  const settings = validate(deploySchema, raw, furtherProblems, where);
  return { ...settings, network: networkOf(settings) };
}

/** Network of the model build, in which the deployment builds and the models run too. */
function networkOf({ modelBuild, packageIndexUrl }: z.output<typeof deploySchema>) {
  const {
    networkSecurityGroupIds: securityGroupIds,
    networkSubnetIds: subnetIds,
    networkVpcId: vpcId,
  } = modelBuild;
  if (securityGroupIds === undefined || subnetIds === undefined || vpcId === undefined)
    return undefined;
  return { packageIndexUrl, securityGroupIds, subnetIds, vpcId };
}

function validate<Shape extends z.ZodType, Raw extends { projectId?: string }>(
  shape: Shape,
  raw: Raw,
  furtherProblems: (input: Raw) => string[],
  where: string,
): z.output<Shape> {
  const input = { ...raw, projectId: raw.projectId ?? pulumi.getStack() };
  const { data, error } = shape.safeParse(input);
  const problems = [...problemsOf(input, error?.issues ?? []), ...furtherProblems(input)];
  if (data === undefined || problems.length > 0) throw validationError(where, problems);
  return data;
}

/** Default build timeout: longer for a build that waits until training has ended. */
function withBuildTimeout<
  Data extends { build: { timeoutMinutes?: number | undefined; waitForTraining: boolean } },
>(data: Data) {
  const { otherwise, waitForTraining } = dependentDefaults.build.timeoutMinutes;
  const timeoutMinutes =
    data.build.timeoutMinutes ?? (data.build.waitForTraining ? waitForTraining : otherwise);
  return { ...data, build: { ...data.build, timeoutMinutes } };
}

function buildProblems(input: Partial<ModelBuildPipelineArgs>): string[] {
  return [
    ...sourceProblems(input.source, "source"),
    ...networkProblems(input),
    ...lengthProblems(input),
    ...reservedWordProblems(input),
  ];
}

/** Separate from the schema: zod skips refinements if anything else is invalid. */
function sourceProblems(
  source: ModelBuildPipelineArgs["source"] = { codecommit: {} },
  key: string,
): string[] {
  const kinds = ["codecommit", "existing", "connection"] as const;
  if (typeof source !== "object" || kinds.filter((kind) => source[kind]).length === 1) return [];
  const rule = ruleText(`must have exactly one of ${kinds.join(", ")}`, {
    codecommit: defaultBranch,
  });
  return [problem(key, rule, source)];
}

/** Problems of the network, and of `build.environment`, which must not set its variables. */
function networkProblems({
  build,
  deployment,
  network,
  training,
}: Partial<ModelBuildPipelineArgs>): string[] {
  // An empty object means no network. Other keys without a network would have no effect.
  if (typeof network !== "object" || Object.keys(network).length === 0) return [];
  const kinds = ["existing", "created"] as const;
  if (kinds.filter((kind) => network[kind]).length !== 1) {
    const rule = ruleText(`must have exactly one of ${kinds.join(", ")}`, exampleNetwork);
    return [problem("network", rule, network)];
  }
  const environment = new Map(Object.entries(build?.environment ?? {}));
  return [
    ...networkVariables(network)
      .filter((name) => environment.has(name))
      .map((name) =>
        problem(`build.environment.${name}`, reservedVariableRule(name), environment.get(name)),
      ),
    ...policySizeProblems(training),
    ...(deployment === true ? subnetProblems(network.existing) : []),
  ];
}

function subnetProblems(existing: { subnetIds?: unknown } = {}): string[] {
  const { subnetIds } = existing;
  const { max } = subnetIdsWithDeployment;
  if (!Array.isArray(subnetIds) || subnetIds.length <= max) return [];
  const rule = ruleText(
    `must be a list of at most ${String(max)} entries where models are deployed`,
    exampleNetwork.existing.subnetIds,
  );
  return [problem("network.existing.subnetIds", rule, subnetIds)];
}

function policySizeProblems(training: ModelBuildPipelineArgs["training"] = {}): string[] {
  const examples = {
    dataBuckets: "churn-data",
    dataKeyArns: exampleKey,
    imageRepositoryArns: exampleImages,
  };
  const { max } = fewWithNetwork;
  return Object.entries(training).flatMap(([list, entries]) => {
    const example: unknown = Reflect.get(examples, list);
    if (example === undefined || !Array.isArray(entries) || entries.length <= max) return [];
    const rule = ruleText(
      `must be a list of at most ${String(max)} entries where there is a network`,
      [example],
    );
    return [problem(`training.${list}`, rule, entries)];
  });
}

/** One problem with all physical names that are too long for AWS. */
function lengthProblems({
  deployment = false,
  namePrefix = defaults.namePrefix,
  projectId,
  projectName,
}: Pick<
  Partial<ModelBuildPipelineArgs>,
  "deployment" | "namePrefix" | "projectId" | "projectName"
>): string[] {
  const areValid =
    limits.namePrefix.test(namePrefix) &&
    [projectName, projectId].every((it) => limits.projectWord.test(String(it)));
  if (!areValid || projectName === undefined || projectId === undefined) return [];
  const identity = { namePrefix, projectId, projectName };
  const overlong = overlongNames(identity, { deployment });
  const [longest] = overlong;
  if (longest === undefined) return [];
  const names = overlong.map(
    ({ limit, name, what }) => `the ${what} "${name}" (AWS allows ${String(limit)})`,
  );
  const rule = ruleText(
    `and projectId must be ${String(excessOf(longest))} characters shorter together, because of ${names.join(", ")}`,
    { projectName: "churn", projectId: "dev" },
  );
  return [problem("projectName", rule, { projectName, projectId })];
}

/**
 * AWS-managed policies, for example AmazonSageMakerFullAccess, grant GitPush and S3 access on `*sagemaker*`.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html
 */
function reservedWordProblems({
  namePrefix = defaults.namePrefix,
  projectId,
  projectName,
}: Pick<Partial<ModelBuildPipelineArgs>, "namePrefix" | "projectId" | "projectName">): string[] {
  if (namePrefix === "sagemaker") return [];
  const rule = ruleText(
    'must not contain "sagemaker", to which AWS-managed policies grant access; only namePrefix may be that word',
    "churn",
  );
  return Object.entries({ namePrefix, projectId, projectName })
    .filter(([, value]) => typeof value === "string" && value.includes("sagemaker"))
    .map(([key, value]) => problem(key, rule, value));
}

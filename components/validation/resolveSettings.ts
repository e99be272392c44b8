import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { ModelBuildPipelineArgs } from "../modelBuild/modelBuildPipelineArgs";
import type { ModelDeployPipelineArgs } from "../modelDeploy/modelDeployPipelineArgs";
import { defaults, dependentDefaults } from "./defaults";
import { approvalProblems } from "./approvalProblems";
import { duplicateProblems } from "./duplicates";
import { environmentProblems } from "./environment";
import { problemsOf, problem, validationError, valueAt } from "./errors";
import { isRecord, ruleText } from "./fields";
import { schema } from "./modelBuildSchema";
import { modelBuildProblems } from "./modelBuildFit";
import { deploySchema, type StackConfig, stackSchema } from "./modelDeploySchema";
import { lengthProblems, reservedWordProblems } from "./nameProblems";
import { networkProblems } from "./networkProblems";
import { policyStatementProblems } from "./policyStatements";
import { pullRequestProblems } from "./pullRequestProblems";
import { referenceProblems } from "./references";
import { sameRepositoryProblems, sourceProblems } from "./sourceProblems";
import { stagingProblems } from "./stagingProblems";
import { approvalWaitProblems, trainingWaitProblems } from "./waitProblems";

/** Validated settings of a model build, with defaults. */
export type Settings = ReturnType<typeof resolveSettings>;

/** Validated settings of a deployment, with defaults. */
export type DeploySettings = ReturnType<typeof resolveDeploySettings>;

/** Facts about settings that were read from a file. */
interface Origin {
  /** Problems of keys that `raw` does not contain, by key. */
  refused?: ReadonlyMap<string, string>;
  /** Name of the stack, the default of `projectId`. */
  stack?: string;
}

/**
 * Validates the arguments of `ModelBuildPipeline`, and adds the defaults.
 * @param raw arguments of the caller
 * @param where source of `raw`, for the validation error
 * @throws RunError with all problems, each with key, rule, example and value
 */
export function resolveSettings(raw: Partial<ModelBuildPipelineArgs>, where: string) {
  const furtherProblems = (input: Partial<ModelBuildPipelineArgs>) => {
    const deployment = input.deployment === true;
    return [
      ...buildProblems(input, deployment),
      ...(deployment ? sameRepositoryProblems(input, { build: input.source }) : []),
    ];
  };
  return withBuildTimeout(validate(schema, raw, furtherProblems, where));
}

/**
 * Like {@link resolveSettings}, for a stack config, which includes the deployment. Its builds have
 * the image and the compute type of `build`; `deploy.build` may set another image.
 */
export function resolveStackSettings(
  raw: Partial<StackConfig>,
  where: string,
  origin: Origin = {},
) {
  const furtherProblems = (input: Partial<StackConfig>) => [
    ...buildProblems(input, valueAt(input.deploy, ["enabled"]) === true),
    ...deployProblems(input),
  ];
  const settings = withBuildTimeout(validate(stackSchema, raw, furtherProblems, where, origin));
  const { build, deploy } = settings;
  const { computeType } = build;
  const deployBuild = { ...deploy.build, computeType, image: deploy.build.image ?? build.image };
  return { ...settings, deploy: { ...deploy, build: deployBuild } };
}

/** Like {@link resolveSettings}, for a `ModelDeployPipeline`. */
export function resolveDeploySettings(raw: Partial<ModelDeployPipelineArgs>, where: string) {
  const furtherProblems = (input: Partial<ModelDeployPipelineArgs>) => [
    ...sourceProblems(input.source, "source"),
    ...lengthProblems(input, { deployment: true }),
    ...reservedWordProblems(input),
    ...stagingProblems(valueAt(input.staging, ["kind"]), {
      hasNetwork: isSet(valueAt(input.modelBuild, ["networkVpcId"])),
      key: "staging.kind",
      posture: input.posture,
    }),
    ...approvalProblems(input.approval, { key: "approval", posture: input.posture }),
    ...modelBuildProblems({
      ...input,
      namePrefix: input.namePrefix ?? defaults.namePrefix,
      posture: input.posture ?? defaults.posture,
    }),
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
  { refused = new Map(), stack }: Origin = {},
): z.output<Shape> {
  const isNamedByStack = isRecord(raw) && raw.projectId === undefined;
  const input = isNamedByStack ? { ...raw, projectId: stack ?? pulumi.getStack() } : raw;
  const { data, error } = shape.safeParse(input);
  const issues = (error?.issues ?? []).filter(({ path }) => !refused.has(String(path[0])));
  // Separate from the schema: zod skips refinements if anything else is invalid.
  const further = isRecord(input) ? [...furtherProblems(input), ...duplicateProblems(input)] : [];
  const problems = [...refused.values(), ...problemsOf(input, issues), ...further].map((line) =>
    isNamedByStack
      ? line.replace(/^projectId (?=must)/, "projectId, the stack's name unless set, ")
      : line,
  );
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

function buildProblems(input: Partial<ModelBuildPipelineArgs>, deployment: boolean): string[] {
  return [
    ...sourceProblems(input.source, "source"),
    ...environmentProblems(valueAt(input, ["build", "environment"])),
    ...referenceProblems(input.build),
    ...policyStatementProblems(input),
    ...trainingWaitProblems(input.build),
    ...pullRequestProblems(input),
    ...networkProblems(input, { deployment }),
    ...lengthProblems(input, { deployment }),
    ...reservedWordProblems(input),
  ];
}

/** Problems of the group `deploy`, and of settings that a deployment limits. */
function deployProblems({ deploy, ...input }: Partial<StackConfig>): string[] {
  if (!isRecord(deploy)) return [];
  const { alarms, approval, approvalTimeoutMinutes, build, enabled, source, staging } = deploy;
  const others = [alarms, approval, approvalTimeoutMinutes, build, source, staging];
  const isUnclear = enabled === undefined && others.some(isSet);
  const rule = ruleText("must be set, or no deployment is created from the other settings", true);
  return [
    ...(isUnclear ? [problem("deploy.enabled", rule, enabled)] : []),
    ...sourceProblems(source, "deploy.source"),
    ...(enabled === true
      ? [
          ...sameRepositoryProblems(input, { build: input.source, deploy: source }),
          ...approvalProblems(approval, { key: "deploy.approval", posture: input.posture }),
          ...(approval === "none"
            ? []
            : approvalWaitProblems(input.artifacts, approvalTimeoutMinutes)),
          ...stagingProblems(valueAt(staging, ["kind"]), {
            hasNetwork: ["created", "existing"].some((it) => isSet(valueAt(input.network, [it]))),
            key: "deploy.staging.kind",
            posture: input.posture,
          }),
        ]
      : []),
  ];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

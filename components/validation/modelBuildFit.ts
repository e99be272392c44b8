import type { ModelDeployPipelineArgs } from "../modelDeploy/modelDeployPipelineArgs";
import { modelPackageGroupName, type ProjectIdentity, stemOf } from "../names/names";
import { defaults } from "./defaults";
import { problem, valueAt } from "./errors";
import { isRecord, ruleText } from "./fields";
import { validIdentity } from "./nameProblems";
import { exampleNetwork } from "./network";
import { packageIndexUrl as isUrl } from "./patterns";
import { sameRepositoryProblems } from "./sourceProblems";

/** Settings that a deployment and its model build have in common. */
interface SharedSettings extends Partial<ProjectIdentity> {
  posture: string;
}

interface BuildSettings extends SharedSettings {
  deployment: boolean;
  notifications: { executionRole: boolean };
  source: unknown;
}

/** Settings of each `ModelBuildPipeline`; an argument of that type has no other trace of them. */
const builds = new WeakMap<object, BuildSettings>();

/** Remembers the settings of a `ModelBuildPipeline`, for the deployments that use it. */
export function rememberBuild(build: object, settings: BuildSettings): void {
  builds.set(build, settings);
}

/**
 * Problems of a deployment whose model build belongs to another project, has another posture, or
 * grants the deployment no access. AWS would reject the first deployment.
 */
export function modelBuildProblems(
  args: SharedSettings & Partial<ModelDeployPipelineArgs>,
): string[] {
  const modelBuild: unknown = args.modelBuild;
  const build = isRecord(modelBuild) ? builds.get(modelBuild) : undefined;
  return [
    ...sameRepositoryProblems(args, {
      build: build?.source,
      deploy: args.source,
      deployKey: "source",
    }),
    ...(build === undefined
      ? groupProblems(valueAt(modelBuild, ["modelPackageGroupName"]), args)
      : settingProblems(build, args)),
    ...(isRecord(modelBuild) ? networkProblems(args) : []),
  ];
}

function settingProblems(build: BuildSettings, own: SharedSettings): string[] {
  const keys = ["namePrefix", "posture", "projectId", "projectName"] as const;
  const different = keys
    .filter((key) => own[key] !== build[key])
    .map((key) => problem(key, ruleText("must be that of the modelBuild", build[key]), own[key]));
  const { executionRole } = build.notifications;
  const ownRole =
    valueAt(own, ["notifications", "executionRole"]) ?? defaults.notifications.executionRole;
  if (ownRole !== executionRole) {
    const rule = ruleText("must be that of the modelBuild", executionRole);
    different.push(problem("notifications.executionRole", rule, ownRole));
  }
  if (build.deployment) return different;
  const rule = ruleText("must be a ModelBuildPipeline that is prepared for deployment", {
    deployment: true,
  });
  return [...different, problem("modelBuild", rule, { deployment: false })];
}

/** The outputs of another stack show its project in the name of the model package group. */
function groupProblems(group: unknown, own: SharedSettings): string[] {
  const identity = validIdentity(own);
  if (identity === undefined) return [];
  const expected = modelPackageGroupName(stemOf(identity));
  if (typeof group !== "string" || !groupName.test(group) || group === expected) return [];
  const rule = ruleText("must be that of the same namePrefix, projectName and projectId", expected);
  return [problem("modelBuild.modelPackageGroupName", rule, group)];
}

/** Name of a model package group of this program. */
const groupName = /^[a-z0-9]+-.+--.+--models$/;

function networkProblems({
  modelBuild,
  packageIndexUrl,
}: Partial<ModelDeployPipelineArgs>): string[] {
  const { networkSecurityGroupIds, networkSubnetIds, networkVpcId } = modelBuild ?? {};
  const outputs = { networkSecurityGroupIds, networkSubnetIds, networkVpcId };
  const missing = Object.entries(outputs).flatMap(([name, value]) =>
    value === undefined ? [name] : [],
  );
  if (missing.length > 0 && missing.length < 3)
    return missing.map((name) => problem(`modelBuild.${name}`, allOrNone, undefined));
  if (packageIndexUrl === undefined || !isUrl.test(packageIndexUrl) || missing.length === 0)
    return [];
  return [problem("packageIndexUrl", allOrNone, packageIndexUrl)];
}

const { securityGroupIds, subnetIds, vpcId } = exampleNetwork.existing;
const allOrNone = ruleText("needs the network outputs of modelBuild, all three", {
  networkSecurityGroupIds: securityGroupIds,
  networkSubnetIds: subnetIds,
  networkVpcId: vpcId,
});

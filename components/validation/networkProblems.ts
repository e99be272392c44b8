import { problem, valueAt } from "./errors";
import { isRecord, reservedVariableRule, ruleText } from "./fields";
import { fewWithNetwork, imageRepositories, subnetIdsWithDeployment } from "./limits";
import { exampleImages, exampleKey } from "./modelBuildSchema";
import { exampleNetwork, examplePackageIndex, networkVariables } from "./network";

/** Settings with a network, not validated. */
interface NetworkSettings {
  build?: unknown;
  network?: unknown;
  training?: unknown;
}

/** Problems of the network, and of other settings that a network limits. */
export function networkProblems(settings: NetworkSettings, { deployment = false } = {}): string[] {
  const { network } = settings;
  // An empty object means no network. Other keys without a network would have no effect.
  if (!isRecord(network) || Object.keys(network).length === 0) return [];
  const kinds = ["existing", "created"];
  const chosen = kinds.map((kind) => network[kind]).filter((kind) => kind !== undefined);
  // The schema reports a kind that is no object.
  if (!chosen.every(isRecord)) return [];
  if (chosen.length !== 1) {
    const rule = ruleText(`must have exactly one of ${kinds.join(", ")}`, exampleNetwork);
    return [problem("network", rule, network)];
  }
  return [
    ...["environment", "secretsManager", "parameterStore"].flatMap((key) =>
      variableProblems(network, key, valueAt(settings, ["build", key])),
    ),
    ...policySizeProblems(settings.training),
    ...packageIndexProblems(network),
    ...(deployment ? subnetProblems(network) : []),
  ];
}

/** The network sets variables that the settings of the build must not set. */
function variableProblems(
  network: Record<string, unknown>,
  key: string,
  variables: unknown,
): string[] {
  if (!isRecord(variables)) return [];
  return networkVariables(network)
    .filter((name) => Object.hasOwn(variables, name))
    .map((name) => problem(`build.${key}.${name}`, reservedVariableRule(name), variables[name]));
}

/** Builds install packages, and without a NAT gateway they reach no public index. */
function packageIndexProblems({ created, packageIndexUrl }: Record<string, unknown>): string[] {
  if (valueAt(created, ["natGateways"]) !== "None" || packageIndexUrl !== undefined) return [];
  const rule = ruleText(
    'must be set with natGateways "None": builds install packages, and reach no public index',
    examplePackageIndex,
  );
  return [problem("network.packageIndexUrl", rule, packageIndexUrl)];
}

/** Limit with a deployment: the policy of a deployment build contains each subnet twice. */
function subnetProblems(network: Record<string, unknown>): string[] {
  const subnetIds = valueAt(network, ["existing", "subnetIds"]);
  const { max } = subnetIdsWithDeployment;
  if (!Array.isArray(subnetIds) || subnetIds.length <= max) return [];
  const rule = ruleText(
    `must be a list of at most ${String(max)} entries where models are deployed`,
    exampleNetwork.existing.subnetIds,
  );
  return [problem("network.existing.subnetIds", rule, subnetIds)];
}

/**
 * Limit with a network: the policy of the execution role contains the network twice.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function policySizeProblems(training: unknown): string[] {
  const { max: few } = fewWithNetwork;
  const lists = [
    ["dataBuckets", "churn-data", few],
    ["dataKeyArns", exampleKey, few],
    ["imageRepositoryArns", exampleImages, imageRepositories.maxWithNetwork],
  ] as const;
  return lists.flatMap(([list, example, max]) => {
    const entries = valueAt(training, [list]);
    if (!Array.isArray(entries) || entries.length <= max) return [];
    const rule = ruleText(
      `must be a list of at most ${String(max)} entries where there is a network`,
      [example],
    );
    return [problem(`training.${list}`, rule, entries)];
  });
}

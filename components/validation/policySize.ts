import * as pulumi from "@pulumi/pulumi";

import { type AwsContext, imageRepositoryArn, namesFor } from "../names/names";
import { buildRolePolicy, executionRolePolicy } from "../policies/buildRoles";
import type { NetworkAccess } from "../policies/network";
import { policyStatementsPolicy } from "../policies/policyStatements";
import type { Role } from "../policies/protections";
import { groupDefaults } from "./defaults";
import { problem } from "./errors";
import { ruleText } from "./fields";
import { rolePolicySize } from "./limits";
import type { Settings } from "./resolveSettings";

type SizedSettings = Pick<Settings, "namePrefix" | "projectId" | "projectName"> &
  Partial<Pick<Settings, "deployment" | "network" | "training">> & {
    build?: Partial<Settings["build"]>;
  };

/** As long as most values that are not known yet: the ARN of a key, a bucket or a subnet. */
const placeholder = "x".repeat(76);

/** As long as the ID of a subnet or a security group. */
const placeholderId = "x".repeat(24);

/** Problems of policy statements that do not fit into a role beside its own policy. */
export function policySizeProblems(settings: SizedSettings, context: AwsContext): string[] {
  const { build, deployment: hasDeployment = false, network, training } = settings;
  const names = namesFor(settings, context);
  const access = accessOf(network);
  return [
    ...roleProblems("build", "build", build?.policyStatements, () =>
      buildRolePolicy(names, placeholder, {
        executionRoleArn: training?.executionRoleArn ?? names.executionRoleArn,
        hasDeployment,
        imageRepositoryArn: imageRepositoryArn(names, build?.image ?? ""),
        network: access,
        references: {
          parameterStore: build?.parameterStore ?? {},
          secretKeyArns: build?.secretKeyArns ?? [],
          secretsManager: build?.secretsManager ?? {},
        },
      }),
    ),
    ...roleProblems("training", "execution", training?.policyStatements, () =>
      executionRolePolicy(names, placeholder, {
        dataBuckets: training?.dataBuckets ?? [],
        dataKeyArns: training?.dataKeyArns ?? [],
        imageRepositoryArns: training?.imageRepositoryArns ?? [],
        network: access,
      }),
    ),
  ];

  function roleProblems(
    key: string,
    role: Role,
    statements: Settings["build"]["policyStatements"] = [],
    ownPolicy: () => unknown,
  ): string[] {
    if (statements.length === 0) return [];
    const size = sizeOf(ownPolicy()) + sizeOf(policyStatementsPolicy(names, role, statements));
    if (size <= rolePolicySize) return [];
    const rule = `must be ${String(size - rolePolicySize)} characters shorter, or other lists of ${key}: AWS limits the policies of a role`;
    return [problem(`${key}.policyStatements`, ruleText(rule, []), statements)];
  }
}

/** Policies contain the subnets and security groups of a network by ID and by ARN. */
function accessOf(network: SizedSettings["network"]): NetworkAccess | undefined {
  const { created, existing } = network ?? {};
  const zones = created?.availabilityZones ?? groupDefaults.network.created.availabilityZones;
  if (created === undefined && existing === undefined) return undefined;
  const subnetIds: pulumi.Input<string>[] =
    existing?.subnetIds ?? Array<string>(zones).fill(placeholderId);
  return {
    isolateJobs: network?.isolateJobs ?? groupDefaults.network.isolateJobs,
    securityGroupIds: existing?.securityGroupIds ?? [placeholderId],
    subnetArns: subnetIds.map(() => placeholder),
    subnetIds,
  };
}

/** Characters of a policy, without those of values that are not known yet. */
function sizeOf(policy: unknown): number {
  return JSON.stringify(known(policy)).length;
}

function known(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return placeholder;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, known(entry)]));
}

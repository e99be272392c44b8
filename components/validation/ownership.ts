import type { AwsContext } from "../names/names";
import { stackResourceProblems } from "./stackResources";
import type { Settings } from "./resolveSettings";
import { exampleNetwork } from "./network";
import { policySizeProblems } from "./policySize";
import { problem, validationError } from "./errors";
import { type StringInput, ruleText } from "./fields";

/** Settings that can name resources of another AWS context, of a component or of a stack config. */
export type OwnedSettings = Pick<
  Settings,
  "namePrefix" | "permissionsBoundaryArn" | "projectId" | "projectName" | "source"
> &
  Partial<Pick<Settings, "artifacts" | "network" | "training" | "trial">> & {
    build?: Partial<Settings["build"]>;
    deploy?: Pick<Settings, "source">;
    notifications?: Partial<Settings["notifications"]>;
  };

interface Owned {
  arn: StringInput;
  key: string;
  /** Parts of the ARN that must equal those of the stack. */
  same: ("accountId" | "partition" | "region")[];
}

/**
 * Validates that ARNs belong to the account, partition and region of the stack. AWS would accept
 * most of them, and the first build would fail.
 * ARNs that are outputs of other resources are not validated.
 * @throws RunError with all problems
 */
export function assertOwnership(settings: OwnedSettings, context: AwsContext, where: string): void {
  const problems = [
    ...ownershipProblems(settings, context),
    ...boundaryProblems(settings),
    ...networkProblems(settings, context),
    ...stackResourceProblems(settings, context),
    ...policySizeProblems(settings, context),
  ];
  if (problems.length > 0) throw validationError(where, problems);
}

function ownershipProblems(settings: OwnedSettings, context: AwsContext): string[] {
  const { artifacts, deploy, notifications, permissionsBoundaryArn, source, training, trial } =
    settings;
  const owned: Owned[] = [
    ...ownedReferences(settings),
    ...statementResources(settings),
    ...(training?.dataKeyArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `training.dataKeyArns[${String(index)}]`,
      // The execution role may use the key only through S3 of this region.
      same: ["partition", "region"],
    })),
    ...(artifacts?.approverRoleArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `artifacts.approverRoleArns[${String(index)}]`,
      // The IAM and key policies allow approvals only from the same account.
      same: ["partition", "accountId"],
    })),
    ...(trial?.starterRoleArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `trial.starterRoleArns[${String(index)}]`,
      same: ["partition", "accountId"],
    })),
    ...(notifications?.queueArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `notifications.queueArns[${String(index)}]`,
      // A queue of another account must confirm its subscription: `pulumi up` would time out.
      // https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
      same: ["partition", "accountId"],
    })),
  ];
  if (permissionsBoundaryArn !== undefined)
    owned.push({
      arn: permissionsBoundaryArn,
      key: "permissionsBoundaryArn",
      same: ["partition", "accountId"],
    });
  if (training?.executionRoleArn !== undefined)
    owned.push({
      arn: training.executionRoleArn,
      key: "training.executionRoleArn",
      // A role can be passed to a service only in its own account.
      same: ["partition", "accountId"],
    });
  for (const [key, { connection }] of [
    ["source", source],
    ["deploy.source", deploy?.source ?? {}],
  ] as const) {
    if (connection === undefined) continue;
    owned.push({
      arn: connection.connectionArn,
      key: `${key}.connection.connectionArn`,
      same: ["partition", "accountId"],
    });
  }

  return owned.flatMap(({ arn, key, same }) => {
    if (typeof arn !== "string") return [];
    const [, partition = "", , region = "", accountId = ""] = arn.split(":");
    const found = { accountId, partition, region };
    return same
      .filter((part) => found[part] !== context[part])
      .map((part) =>
        problem(key, ruleText(`must be of the stack's own ${partNames[part]}`, context[part]), arn),
      );
  });
}

/** CodeBuild reads secrets of its own region; those of other accounts need policies of that account. */
function ownedReferences({ build }: OwnedSettings): Owned[] {
  const keys = (build?.secretKeyArns ?? []).map((arn, index): Owned => ({
    arn,
    key: `build.secretKeyArns[${String(index)}]`,
    // The build role may use the key only through services of this region.
    same: ["partition", "region"],
  }));
  const secrets = Object.entries(build?.secretsManager ?? {}).flatMap(([name, arn]): Owned[] =>
    arn.startsWith("arn:")
      ? [{ arn, key: `build.secretsManager.${name}`, same: ["partition", "region", "accountId"] }]
      : [],
  );
  return [...keys, ...secrets];
}

/** AWS accepts an ARN of another partition, which no resource has. */
function statementResources({ build, training }: OwnedSettings): Owned[] {
  return Object.entries({ build, training }).flatMap(([role, settings]) =>
    (settings?.policyStatements ?? []).flatMap(({ resources }, index) =>
      resources.flatMap((arn, place): Owned[] =>
        arn === "*"
          ? []
          : [
              {
                arn,
                key: `${role}.policyStatements[${String(index)}].resources[${String(place)}]`,
                same: ["partition"],
              },
            ],
      ),
    ),
  );
}

/** A boundary of the bootstrap covers one name prefix: with another one, it denies every action. */
function boundaryProblems({ permissionsBoundaryArn, ...identity }: OwnedSettings): string[] {
  if (typeof permissionsBoundaryArn !== "string") return [];
  const [, prefix, projectName, projectId] = boundaryName.exec(permissionsBoundaryArn) ?? [];
  if (prefix === undefined || projectName !== identity.projectName) return [];
  if (prefix === identity.namePrefix || projectId !== identity.projectId) return [];
  const rule = ruleText("must be that of the permissions boundary and of the bootstrap", prefix);
  return [`${problem("namePrefix", rule, identity.namePrefix)} (${permissionsBoundaryArn})`];
}

const boundaryName = /:policy\/([a-z0-9]+)-([a-z0-9-]+?)--([a-z0-9-]+?)--boundary-[a-z0-9]+$/;

/** In China, the service names of VPC endpoints have more than one form. */
function networkProblems({ network }: OwnedSettings, { partition }: AwsContext): string[] {
  if (network?.created === undefined || partition !== "aws-cn") return [];
  const rule = ruleText(
    "is not supported in the partition aws-cn: use network.existing",
    exampleNetwork,
  );
  return [problem("network.created", rule, network.created)];
}

const partNames = { accountId: "account", partition: "partition", region: "region" };

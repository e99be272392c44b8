import type { Place } from "../names";
import type { Settings } from "../settings";
import { exampleNetwork } from "./network";
import { problem, refusal } from "./problems";
import { type Given, sentence } from "./rules";

/** What can belong elsewhere, of either component or of a whole stack config. */
export type Belonging = Pick<Settings, "permissionsBoundaryArn" | "source"> &
  Partial<Pick<Settings, "artifacts" | "network" | "notifications" | "training">> & {
    deploy?: Pick<Settings, "source">;
  };

interface Owned {
  arn: Given;
  key: string;
  /** Which parts of the ARN must be those of the stack. */
  same: ("accountId" | "partition" | "region")[];
}

/**
 * Refuses what is well formed but belongs elsewhere: AWS would accept most of it, and refuse the first build instead.
 * ARNs that another resource has yet to give are left for AWS to check.
 * @throws RunError with all problems at once
 */
export function mustBelong(settings: Belonging, place: Place, where: string): void {
  const problems = [...belongingProblems(settings, place), ...networkProblems(settings, place)];
  if (problems.length > 0) throw refusal(where, problems);
}

function belongingProblems(settings: Belonging, place: Place): string[] {
  const { artifacts, deploy, notifications, permissionsBoundaryArn, source, training } = settings;
  const owned: Owned[] = [
    ...(training?.dataKeyArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `training.dataKeyArns[${String(index)}]`,
      // The role may use it through S3 of this region alone.
      same: ["partition", "region"],
    })),
    ...(artifacts?.approverRoleArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `artifacts.approverRoleArns[${String(index)}]`,
      // IAM knows no approval from another account, and the key asks for this one.
      same: ["partition", "accountId"],
    })),
    ...(notifications?.queueArns ?? []).map((arn, index): Owned => ({
      arn,
      key: `notifications.queueArns[${String(index)}]`,
      // Elsewhere, the queue's owner would have to confirm, and an up would wait for it in vain.
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
      // A role can only be passed to a service in its own account.
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
      .filter((part) => found[part] !== place[part])
      .map((part) =>
        problem(key, sentence(`must be of the stack's own ${words[part]}`, place[part]), arn),
      );
  });
}

/** In China, endpoints have names of more than one form. */
function networkProblems({ network }: Belonging, { partition }: Place): string[] {
  if (network?.created === undefined || partition !== "aws-cn") return [];
  const rule = sentence("is not made in the partition aws-cn: give one", exampleNetwork);
  return [problem("network.created", rule, network.created)];
}

const words = { accountId: "account", partition: "partition", region: "region" };

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { print } from "../../lib/progress";
import { table } from "../../lib/table";
import type { Needed, Permission, Review } from "../iam/review";
import { settingOf } from "./settingOf";

const LISTS = ["unused-actions", "not-exercised-actions"];

const listShape = z.array(z.strictObject({ reason: z.string(), actions: z.array(z.string()) }));

/** Why each action that no end-to-end run uses is granted: by `build-role Logs logs:PutLogEvents`. */
export type Reasons = ReadonlyMap<string, string>;

// Used only by a run that makes staging serverless.
const KIND_CHANGE = [
  "deploy-staging-role EndpointManage sagemaker:DeleteEndpoint",
  "Only a change of the kind of the staging endpoint deletes it.",
] as const;

// Used only by a run of every case, with deployments.
const OTHER_CASES = [
  "build-role ChampionRead sagemaker:DescribeModel",
  "build-role ChampionRead sagemaker:ListTags",
  "deploy-staging-role EndpointManage sagemaker:InvokeEndpoint",
  "deploy-staging-role EndpointsList cloudwatch:GetMetricData",
  "deploy-staging-role CanaryAlarmRead cloudwatch:DescribeAlarms",
  "deploy-prod-role PipelineExecutions codepipeline:GetPipelineExecution",
  "deploy-prod-role PipelineExecutions codepipeline:StopPipelineExecution",
  "deploy-queue-role StagingSchedule scheduler:DeleteSchedule",
].map(
  (action) =>
    [action, "A canary, a repeated stage, a retry or a push after a deployment uses it."] as const,
);

/** The reviewed reasons for a run with these parts. */
export function reviewedReasons({ changesKind = true, everyCase = true } = {}): Reasons {
  const folder = join(__dirname, "..", "..", "tests", "documents");
  const entries = LISTS.flatMap((list) =>
    listShape.parse(JSON.parse(readFileSync(join(folder, `${list}.json`), "utf8"))),
  );
  return new Map([
    ...entries.flatMap(({ actions, reason }) => actions.map((action) => [action, reason] as const)),
    ...(changesKind ? [] : [KIND_CHANGE]),
    ...(everyCase ? [] : OTHER_CASES),
  ]);
}

/** Prints the reason of each unused action; passes only if each unused action has one, and no used action has. */
export function mustBeJustified({ needed, unused }: Review, reasons: Reasons): void {
  const rows = unused
    .filter((one) => settingOf(one) === undefined)
    .map((one) => [listedName(one), reasons.get(listedName(one)) ?? "no reason listed"]);
  for (const line of table(rows)) print(`      ${line}`);
  const problems = [
    ...rows
      .filter(([name = ""]) => !reasons.has(name))
      .map(([name = ""]) => `${name} is granted and unused, without a listed reason`),
    ...new Set(
      needed
        .filter((one) => reasons.has(listedName(one)))
        .map((one) => `${listedName(one)} is listed as unused, but was used`),
    ),
  ];
  if (problems.length === 0) return;
  throw new Error(`${problems.join("\n")}\nlists: tests/documents/{${LISTS.join(",")}}.json`);
}

// `<prefix>-<project>--<id>--<part>-<region code>`.
const ROLE_NAME = /^.*--(.+)-[a-z0-9]+$/;

/** The permission as the lists name it, without the project's name. */
export function listedName({ action, role, statement }: Permission | Needed): string {
  return `${ROLE_NAME.exec(role)?.[1] ?? role}-role ${statement} ${action}`;
}

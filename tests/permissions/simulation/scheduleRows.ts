import { roleArn } from "../../support/policySet";
import { sagemaker } from "./account";
import { each, type OfStatement, use } from "./row";

export const schedule =
  "arn:aws:scheduler:us-east-1:123456789012:schedule/mlops-churn--dev--staging/delete-endpoint";

/** PassRole of a project role to EventBridge Scheduler, or another service. */
export function passToScheduler(role: string, service = "scheduler") {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

const createActions = ["scheduler:CreateSchedule", "scheduler:GetSchedule"];
const renewActions = ["scheduler:DeleteSchedule", "scheduler:UpdateSchedule"];

/** Schedules that no build may change. */
const otherSchedules = [
  use("scheduler:DeleteSchedule", schedule.replace("delete-endpoint", "other")),
  use("scheduler:UpdateSchedule", schedule.replace("mlops-churn--dev--staging", "default")),
  use("scheduler:UpdateSchedule", schedule.replace("churn--dev", "churn--prod")),
  use(
    "scheduler:DeleteScheduleGroup",
    "arn:aws:scheduler:us-east-1:123456789012:schedule-group/mlops-churn--dev--staging",
  ),
];

const passRow: OfStatement = [
  "PassExpiryRole",
  "passes the expire-staging role to EventBridge Scheduler",
  [passToScheduler("expire-staging")],
  "every other role, another service",
  [
    ...["deploy-staging", "deploy-prod", "serve-prod", "execution", "approval-rule"].map((role) =>
      passToScheduler(role),
    ),
    passToScheduler("expire-staging", "lambda"),
  ],
];

/** Rows of the build that creates the schedule of the staging endpoint. */
export const createScheduleRows: readonly OfStatement[] = [
  [
    "StagingSchedule",
    "creates, renews, describes and deletes the schedule of the staging endpoint",
    each([...createActions, ...renewActions], schedule),
    "other schedules, other groups, another project's group, the group itself",
    [
      use("scheduler:CreateSchedule", schedule.replace("delete-endpoint", "other")),
      ...otherSchedules,
    ],
  ],
  passRow,
];

/** Rows of the builds that renew it. */
export const renewScheduleRows: readonly OfStatement[] = [
  [
    "StagingSchedule",
    "renews and deletes the schedule of the staging endpoint",
    each(renewActions, schedule),
    "creating the schedule, other schedules, other groups, another project's group, the group itself",
    [...each(createActions, schedule), ...otherSchedules],
  ],
  passRow,
];

/** Row of the builds that only look whether the staging endpoint exists. */
export const stagingEndpointRow: OfStatement = [
  "StagingEndpointRead",
  "describes the staging endpoint",
  [use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/mlops-churn--dev--staging`)],
  "another project's endpoint, invoking, updating or deleting the staging endpoint",
  [
    use("sagemaker:DescribeEndpoint", `${sagemaker}:endpoint/mlops-churn--prod--staging`),
    ...each(
      ["sagemaker:DeleteEndpoint", "sagemaker:InvokeEndpoint", "sagemaker:UpdateEndpoint"],
      `${sagemaker}:endpoint/mlops-churn--dev--staging`,
    ),
  ],
];

import { roleArn } from "../support/policySet";
import { sagemaker } from "./account";
import { each, type OfStatement, use } from "./row";

export const schedule =
  "arn:aws:scheduler:us-east-1:123456789012:schedule/mlops-churn--dev--staging/delete-endpoint";

/** PassRole of a project role to EventBridge Scheduler, or another service. */
export function passToScheduler(role: string, service = "scheduler") {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}

/** Rows of the builds that create and renew the schedule of the staging endpoint. */
export const scheduleRows: readonly OfStatement[] = [
  [
    "StagingSchedule",
    "creates, renews, describes and deletes the schedule of the staging endpoint",
    each(
      [
        "scheduler:CreateSchedule",
        "scheduler:DeleteSchedule",
        "scheduler:GetSchedule",
        "scheduler:UpdateSchedule",
      ],
      schedule,
    ),
    "other schedules, other groups, another project's group, the group itself",
    [
      use("scheduler:CreateSchedule", schedule.replace("delete-endpoint", "other")),
      use("scheduler:UpdateSchedule", schedule.replace("mlops-churn--dev--staging", "default")),
      use("scheduler:CreateSchedule", schedule.replace("churn--dev", "churn--prod")),
      use(
        "scheduler:DeleteScheduleGroup",
        "arn:aws:scheduler:us-east-1:123456789012:schedule-group/mlops-churn--dev--staging",
      ),
    ],
  ],
  [
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
  ],
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

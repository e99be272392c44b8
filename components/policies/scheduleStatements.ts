import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import {
  allowStatement,
  type Document,
  passRoleStatement,
  policyDocument,
  type Statement,
} from "./statements";

/*
 * Expiry of staging: a one-time schedule of EventBridge Scheduler deletes the staging endpoint.
 * Staging's build creates the schedule, the others renew it; they pass it one role, which can only
 * delete that endpoint.
 */

/** Statements to renew and delete the schedule of the staging endpoint; for staging, to create it. */
export function scheduleStatements(
  { deploy }: Names,
  { creates }: { creates: boolean },
): Statement[] {
  const { roleArn, scheduleArn } = deploy.stagingExpiry;
  return [
    allowStatement("StagingSchedule", scheduleArn, [
      ...(creates ? ["scheduler:CreateSchedule", "scheduler:GetSchedule"] : []),
      "scheduler:DeleteSchedule",
      "scheduler:UpdateSchedule",
    ]),
    passRoleStatement("PassExpiryRole", roleArn, "scheduler.amazonaws.com"),
  ];
}

/** Statement to see whether the staging endpoint exists: only then it has a schedule. */
export function stagingEndpointStatement({ deploy }: Names): Statement {
  return allowStatement("StagingEndpointRead", deploy.staging.endpointArn, [
    "sagemaker:DescribeEndpoint",
  ]);
}

/**
 * IAM policy of the role that the schedule has: delete the staging endpoint, and send undelivered
 * events to the DLQ.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function expireStagingRolePolicy(names: Names, keyArn: StringInput): Document {
  return policyDocument([
    allowStatement("StagingDelete", names.deploy.staging.endpointArn, ["sagemaker:DeleteEndpoint"]),
    allowStatement("UndeliveredEvents", names.queueArn, ["sqs:SendMessage"]),
    allowStatement("UndeliveredEventsKey", keyArn, ["kms:Decrypt", "kms:GenerateDataKey"], {
      StringEquals: { "kms:ViaService": names.sqsService },
    }),
  ]);
}

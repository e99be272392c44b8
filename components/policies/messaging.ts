import type { Names } from "../names/names";
import {
  callerCondition,
  denyStatement,
  type Document,
  forResourcesCondition,
  insecureTransport,
  policyDocument,
  type Statement,
  unwrapSingle,
} from "./statements";

/*
 * Policies of the notification topic and of the dead-letter queue, and the statements that their
 * senders need in the key policy: both are encrypted with the KMS key of the project.
 */

/** Optional parts of a project. */
interface ProjectFeatures {
  /** Whether the project deploys approved models. */
  hasDeployment: boolean;
  /** Whether an EventBridge rule starts the pipeline; not for repositories outside AWS. */
  hasPushRule: boolean;
}

/** Service principal of the alarm actions of CloudWatch. */
const alarmService = "cloudwatch.amazonaws.com";

/**
 * SNS topic policy: only the role of the project's rules publishes, over TLS; with a deployment also
 * the build that reports waiting deployments, and the alarms of production. IAM decides who may
 * subscribe.
 * EventBridge as a service passes no rule ARN to SNS: the topic would have to accept every rule.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
 */
export function topicPolicy(
  names: Names,
  { hasDeployment }: Pick<ProjectFeatures, "hasDeployment">,
): Document {
  const { deploy, notificationsRoleArn, topicArn } = names;
  const alarmNotifications: Statement = {
    Sid: "AlarmNotifications",
    Effect: "Allow",
    Principal: { Service: alarmService },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: forResourcesCondition(names, deploy.prod.alarmArns),
  };
  const otherPublishers = hasDeployment
    ? {
        ArnNotEquals: { "aws:PrincipalArn": [notificationsRoleArn, deploy.queue.roleArn] },
        // A service has no principal ARN; the only service with an Allow statement is CloudWatch.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      }
    : { ArnNotEquals: { "aws:PrincipalArn": notificationsRoleArn } };
  return policyDocument([
    ...(hasDeployment ? [alarmNotifications] : []),
    denyStatement("DenyOtherPublishers", topicArn, "sns:Publish", otherPublishers),
    // SNS rejects action wildcards in a topic policy. Only sns:Publish transfers content.
    denyStatement("DenyInsecureTransport", topicArn, "sns:Publish", insecureTransport),
  ]);
}

/** SQS queue policy: only EventBridge sends, only for the rules of the project. */
export function queuePolicy(names: Names, features: ProjectFeatures): Document {
  return policyDocument([
    {
      Sid: "EventBridgeUndeliveredEvents",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: names.queueArn,
      Condition: forResourcesCondition(names, ruleArns(names, features)),
    },
    denyStatement("DenyInsecureTransport", names.queueArn, "sqs:*", insecureTransport),
  ]);
}

/** Statements of the key policy for the notification topic and the dead-letter queue. */
export function messageKeyStatements(names: Names, hasDeployment: boolean): Statement[] {
  const { deploy, notificationsRoleArn } = names;
  return [
    viaServiceStatement(
      "NotificationEncryption",
      names,
      names.snsService,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      [notificationsRoleArn, ...(hasDeployment ? [deploy.queue.roleArn] : [])],
    ),
    // EventBridge sends undelivered events as a service, and passes no rule ARN to KMS. So the
    // condition is the queue. Without this statement, undelivered events are lost.
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    {
      Sid: "EventBridgeUndeliveredEvents",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:sqs:arn": names.queueArn } },
    },
    // Users need the key to read undelivered events. IAM decides who may receive messages.
    viaServiceStatement("UndeliveredEventsRead", names, names.sqsService, "kms:Decrypt"),
    ...(hasDeployment ? deploymentKeyStatements(names) : []),
  ];
}

/** Statements of the key policy for the alarms of production, and for the schedule of staging. */
function deploymentKeyStatements(names: Names): Statement[] {
  const { prod, stagingExpiry } = names.deploy;
  return [
    // Unlike EventBridge, CloudWatch passes the ARN of the alarm to SNS and KMS. Without this
    // statement, the notification of an alarm is lost.
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    {
      Sid: "AlarmNotifications",
      Effect: "Allow",
      Principal: { Service: alarmService },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: forResourcesCondition(names, prod.alarmArns),
    },
    // EventBridge Scheduler sends undelivered events with the role of the schedule. The statement
    // UndeliveredEventsRead allows the role to decrypt, which SQS requires too.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
    viaServiceStatement(
      "ScheduleUndeliveredEvents",
      names,
      names.sqsService,
      "kms:GenerateDataKey",
      [stagingExpiry.roleArn],
    ),
  ];
}

/** Statement: principals of the account use the key through one service; only these, if any. */
function viaServiceStatement(
  Sid: string,
  names: Names,
  service: string,
  Action: string | string[],
  roleArns: string[] = [],
): Statement {
  return {
    Sid,
    Effect: "Allow",
    Principal: { AWS: names.accountRootArn },
    Action,
    Resource: "*",
    Condition: {
      StringEquals: callerCondition(names, service),
      ...(roleArns.length === 0
        ? {}
        : { ArnEquals: { "aws:PrincipalArn": unwrapSingle(roleArns) } }),
    },
  };
}

/** ARNs of all EventBridge rules of the project. */
function ruleArns(
  { deploy, notificationRuleArns, pushRuleArn }: Names,
  { hasDeployment, hasPushRule }: ProjectFeatures,
): string[] {
  const { approvalRuleArn, stagingFailedRuleArn } = deploy;
  return [
    ...(hasPushRule ? [pushRuleArn] : []),
    ...notificationRuleArns,
    ...(hasDeployment
      ? [approvalRuleArn, stagingFailedRuleArn, ...deploy.notificationRuleArns]
      : []),
  ];
}

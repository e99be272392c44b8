import type { Names } from "../names/names";
import { forResourcesCondition, type Statement } from "./statements";

/*
 * Publishers of the notification topic: IAM roles, and AWS services in their own name. SNS encrypts
 * their messages with the KMS key of the project, so each of them needs the key too.
 */

/** Features that decide who publishes notifications. */
export interface PublisherFeatures {
  /** Whether the project deploys approved models. */
  hasDeployment: boolean;
  /** Whether the notification rules publish with a role; otherwise EventBridge as a service. */
  hasExecutionRole: boolean;
}

/** ARNs of the roles that publish. */
export function publisherRoleArns(
  { deploy, notificationsRoleArn }: Names,
  { hasDeployment, hasExecutionRole }: PublisherFeatures,
): string[] {
  return [
    ...(hasExecutionRole ? [notificationsRoleArn] : []),
    ...(hasDeployment ? [deploy.queue.roleArn] : []),
  ];
}

/** Statements of the topic policy for services: CloudWatch, and EventBridge without a role. */
export function servicePublishStatements(names: Names, features: PublisherFeatures): Statement[] {
  const publish = { Effect: "Allow", Action: "sns:Publish", Resource: names.topicArn } as const;
  return [
    { ...publish, ...alarmCaller(names, features) },
    ...(features.hasExecutionRole
      ? []
      : [{ ...publish, ...ruleCaller, Condition: rulesCondition(names, features) }]),
  ];
}

/** Statements of the key policy for the same services. Without them, notifications are lost. */
export function serviceEncryptionStatements(
  names: Names,
  features: PublisherFeatures,
): Statement[] {
  const Action = ["kms:Decrypt", "kms:GenerateDataKey"];
  const encrypt = { Effect: "Allow", Action, Resource: "*" } as const;
  // EventBridge passes no rule to KMS, so the condition is the topic.
  const topicCondition = {
    ArnEquals: { "kms:EncryptionContext:aws:sns:topicArn": names.topicArn },
  };
  return [
    { ...encrypt, ...alarmCaller(names, features) },
    ...(features.hasExecutionRole
      ? []
      : [{ ...encrypt, ...ruleCaller, Condition: topicCondition }]),
  ];
}

/**
 * Caller of both AlarmNotifications statements: CloudWatch, which passes the ARN of the alarm to SNS
 * and KMS.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
function alarmCaller(names: Names, { hasDeployment }: PublisherFeatures) {
  const alarmArns = [names.alarmArn, ...(hasDeployment ? names.deploy.prod.alarmArns : [])];
  return {
    Sid: "AlarmNotifications",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Condition: forResourcesCondition(names, alarmArns),
  };
}

/** Caller of both EventBridgeNotifications statements. */
const ruleCaller = {
  Sid: "EventBridgeNotifications",
  Principal: { Service: "events.amazonaws.com" },
};

/**
 * Condition: only the notification rules of the project, if EventBridge passes its rule. Of its
 * guide, one page lists both keys and another says that SNS topic policies must not compare them:
 * `IfExists` is right in both cases.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
function rulesCondition(
  { accountId, deploy, notificationRuleArns }: Names,
  { hasDeployment }: PublisherFeatures,
): Statement["Condition"] {
  return {
    StringEqualsIfExists: { "aws:SourceAccount": accountId },
    ArnEqualsIfExists: {
      "aws:SourceArn": [
        ...notificationRuleArns,
        ...(hasDeployment ? deploy.notificationRuleArns : []),
      ],
    },
  };
}

import type { Names } from "../names/names";
import {
  publisherRoleArns,
  type PublisherFeatures,
  serviceEncryptionStatements,
  servicePublishStatements,
} from "./publishers";
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
 * Policies of the notification topic and of the DLQ, and the statements that their
 * senders need in the key policy: both are encrypted with the KMS key of the project.
 */

/** Features that decide which rules send undelivered events. */
interface RuleFeatures {
  /** Whether the project deploys approved models. */
  hasDeployment: boolean;
  /** Whether an EventBridge rule starts the pipeline; not for repositories outside AWS. */
  hasPushRule: boolean;
  /** Whether EventBridge rules start the comparison of pull requests. */
  hasPullRequests: boolean;
}

/**
 * SNS topic policy: only the project's alarms publish, and the role of its notification rules, over
 * TLS; with a deployment also the build that reports waiting deployments. Without the role,
 * EventBridge publishes as a service. IAM decides who may subscribe.
 */
export function topicPolicy(names: Names, features: PublisherFeatures): Document {
  const { topicArn } = names;
  const publisherArns = publisherRoleArns(names, features);
  return policyDocument([
    ...servicePublishStatements(names, features),
    denyStatement("DenyOtherPublishers", topicArn, "sns:Publish", {
      ...(publisherArns.length === 0
        ? {}
        : { ArnNotEquals: { "aws:PrincipalArn": unwrapSingle(publisherArns) } }),
      // A service has no principal ARN; the Allow statements name the services that may publish.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    }),
    // SNS rejects action wildcards in a topic policy. Only sns:Publish transfers content.
    denyStatement("DenyInsecureTransport", topicArn, "sns:Publish", insecureTransport),
  ]);
}

/** SQS queue policy: only EventBridge sends, only for the rules of the project. */
export function queuePolicy(names: Names, features: RuleFeatures): Document {
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

/** Statements of the key policy for the notification topic and the DLQ. */
export function messageKeyStatements(names: Names, features: PublisherFeatures): Statement[] {
  const publisherArns = publisherRoleArns(names, features);
  return [
    // Without role ARNs, the statement would allow every principal of the account.
    ...(publisherArns.length === 0
      ? []
      : [
          viaServiceStatement(
            "NotificationEncryption",
            names,
            names.snsService,
            ["kms:Decrypt", "kms:GenerateDataKey"],
            publisherArns,
          ),
        ]),
    ...serviceEncryptionStatements(names, features),
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
    // EventBridge Scheduler sends undelivered events with the role of the schedule. The statement
    // UndeliveredEventsRead allows the role to decrypt, which SQS requires too.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
    ...(features.hasDeployment
      ? [
          viaServiceStatement(
            "ScheduleUndeliveredEvents",
            names,
            names.sqsService,
            "kms:GenerateDataKey",
            [names.deploy.stagingExpiry.roleArn],
          ),
        ]
      : []),
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
  { deploy, notificationRuleArns, pullRequests, pushRuleArn }: Names,
  { hasDeployment, hasPullRequests, hasPushRule }: RuleFeatures,
): string[] {
  const { approvalRuleArn, stagingFailedRuleArn } = deploy;
  return [
    ...(hasPushRule ? [pushRuleArn] : []),
    ...(hasPullRequests ? [pullRequests.ruleArn, pullRequests.comparedRuleArn] : []),
    ...notificationRuleArns,
    ...(hasDeployment
      ? [approvalRuleArn, stagingFailedRuleArn, ...deploy.notificationRuleArns]
      : []),
  ];
}

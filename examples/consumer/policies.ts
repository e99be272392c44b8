import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

type Arn = pulumi.Input<string>;
type Document = aws.iam.PolicyDocument;

const Version = "2012-10-17";
const eventBridge = { Service: "events.amazonaws.com" };

/** Trust policy of the role: EventBridge assumes it, only for this rule. */
export function ruleTrustPolicy(ruleArn: Arn): Document {
  const Condition = { ArnEquals: { "aws:SourceArn": ruleArn } };
  const Action = "sts:AssumeRole";
  return { Version, Statement: [{ Effect: "Allow", Principal: eventBridge, Action, Condition }] };
}

/** IAM policy of the role: starts only this pipeline. */
export function startPipelinePolicy(Resource: Arn): Document {
  const Action = "codepipeline:StartPipelineExecution";
  return { Version, Statement: [{ Effect: "Allow", Action, Resource }] };
}

/** SQS queue policy: takes undelivered events of this rule; denies requests without TLS. */
export function undeliveredEventsPolicy(queueArn: Arn, ruleArn: Arn): Document {
  return {
    Version,
    Statement: [
      {
        Effect: "Allow",
        Principal: eventBridge,
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

type Arn = pulumi.Input<string>;
type Document = aws.iam.PolicyDocument;

const Version = "2012-10-17";
const eventBridge = { Service: "events.amazonaws.com" };

/** EventBridge may take the role for this one rule. */
export function trustRule(ruleArn: Arn): Document {
  const Condition = { ArnEquals: { "aws:SourceArn": ruleArn } };
  const Action = "sts:AssumeRole";
  return { Version, Statement: [{ Effect: "Allow", Principal: eventBridge, Action, Condition }] };
}

/** The role may start this one pipeline. */
export function startPipeline(Resource: Arn): Document {
  const Action = "codepipeline:StartPipelineExecution";
  return { Version, Statement: [{ Effect: "Allow", Action, Resource }] };
}

/** EventBridge may leave in the queue what it could not deliver for this one rule; nobody may without TLS. */
export function keepUndelivered(queueArn: Arn, ruleArn: Arn): Document {
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

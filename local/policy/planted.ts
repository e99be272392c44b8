import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { account, document, everythingOn, kept, trust } from "./compliant";

const role = "planted";
const ofBucket = (without: Parameters<typeof everythingOn>[2]) => (name: string) => {
  everythingOn(name, kept, without);
};

/**
 * Breaks each rule of the pack once, by a resource that bears the rule's name; everything else about it is as it should
 * be. The stack must be a prod stack.
 */
export const planted: Readonly<Record<string, (name: string) => unknown>> = {
  "no-wide-managed-policy": (name) =>
    new aws.iam.RolePolicyAttachment(name, {
      role,
      policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
    }),
  "actions-are-named": (name) =>
    new aws.iam.RolePolicy(name, { role, policy: document("s3:Get*", "arn:aws:s3:::a/*") }),
  "pass-role-is-guarded": (name) =>
    new aws.iam.RolePolicy(name, {
      role,
      policy: document("iam:PassRole", `arn:aws:iam::${account}:role/*`),
    }),
  "trust-is-pinned": (name) => new aws.iam.Role(name, { assumeRolePolicy: trust({}) }),
  "keys-rotate": (name) => new aws.kms.Key(name, { description: "still" }, kept),
  "builds-are-unprivileged": (name) => build(name, { privilegedMode: true }),
  "builds-keep-no-plain-secret": (name) =>
    build(name, { environmentVariables: [{ name: "INDEX_PASSWORD", value: "planted" }] }),
  "logs-have-a-retention": (name) => new aws.cloudwatch.LogGroup(name, {}, kept),
  "pipelines-are-v2": (name) => delivery(name, "V1", "false"),
  "sources-are-not-polled": (name) => delivery(name, "V2", "true"),
  "targets-have-dead-letters": (name) =>
    new aws.cloudwatch.EventTarget(name, { rule: "planted", arn: "arn:aws:sns:us-east-1:1:a" }),
  "models-are-isolated": (name) =>
    new aws.sagemaker.Model(name, { executionRoleArn: "planted", enableNetworkIsolation: false }),
  "endpoint-volumes-use-a-key": (name) => configuration(name, 2),
  "endpoints-roll-back": (name) =>
    new aws.sagemaker.Endpoint(name, { endpointConfigName: "planted" }),
  "prod-endpoints-have-two-instances": (name) =>
    configuration(name, 1, `arn:aws:kms:us-east-1:${account}:key/a`),
  "topics-are-encrypted": (name) => {
    topic(name, {}, "Deny");
  },
  "queues-are-encrypted": (name) => {
    queue(name, {}, "Deny");
  },
  "prod-data-is-protected": (name) =>
    new aws.sagemaker.ModelPackageGroup(name, {
      modelPackageGroupName: name,
    }),
  "buckets-are-private": ofBucket("privacy"),
  "buckets-want-tls": ofBucket("policy"),
  "buckets-use-a-key": ofBucket("encryption"),
  "buckets-are-versioned": ofBucket("versioning"),
  "topics-want-tls": (name) => {
    topic(name, { kmsMasterKeyId: "alias/a" }, "Allow");
  },
  "queues-want-tls": (name) => {
    queue(name, { kmsMasterKeyId: "alias/a" }, "Allow");
  },
};

function configuration(
  name: string,
  initialInstanceCount: number,
  kmsKeyArn?: string,
): aws.sagemaker.EndpointConfiguration {
  return new aws.sagemaker.EndpointConfiguration(name, {
    productionVariants: [
      { modelName: "planted", instanceType: "ml.m5.large", initialInstanceCount },
    ],
    kmsKeyArn,
  });
}

function build(
  name: string,
  environment: Partial<aws.types.input.codebuild.ProjectEnvironment>,
): aws.codebuild.Project {
  return new aws.codebuild.Project(name, {
    serviceRole: "planted",
    artifacts: { type: "NO_ARTIFACTS" },
    source: { type: "NO_SOURCE", buildspec: "{}" },
    environment: {
      computeType: "BUILD_GENERAL1_SMALL",
      image: "aws/codebuild/standard:7.0",
      type: "LINUX_CONTAINER",
      ...environment,
    },
  });
}

function delivery(name: string, pipelineType: string, polls: string): aws.codepipeline.Pipeline {
  const service = { category: "Source", owner: "AWS", provider: "CodeCommit", version: "1" };
  return new aws.codepipeline.Pipeline(name, {
    pipelineType,
    roleArn: "planted",
    artifactStores: [{ type: "S3", location: "planted" }],
    stages: [
      {
        name: "Source",
        actions: [{ ...service, name: "Code", configuration: { PollForSourceChanges: polls } }],
      },
    ],
  });
}

function topic(name: string, args: aws.sns.TopicArgs, effect: "Allow" | "Deny"): void {
  const made = new aws.sns.Topic(name, args);
  new aws.sns.TopicPolicy(name, { arn: made.arn, policy: transport(effect, "sns:Publish") });
}

function queue(name: string, args: aws.sqs.QueueArgs, effect: "Allow" | "Deny"): void {
  const made = new aws.sqs.Queue(name, args);
  new aws.sqs.QueuePolicy(name, { queueUrl: made.url, policy: transport(effect, "sqs:*") });
}

function transport(Effect: "Allow" | "Deny", Action: string): pulumi.Input<string> {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  const statement = { Effect, Principal: "*", Action, Resource: "*", Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

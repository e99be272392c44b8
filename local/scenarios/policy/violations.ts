import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { account, createBucket, policyDocument, protectedOpts, trustPolicy } from "./compliant";

const role = "policy-test";
const bucketWithout = (setting: Parameters<typeof createBucket>[2]) => (name: string) => {
  createBucket(name, protectedOpts, setting);
};

/**
 * One violation of each rule, in a resource with the name of the rule. The resource complies with
 * all other rules. The stack must be a prod stack.
 */
export const violations: Readonly<Record<string, (name: string) => unknown>> = {
  "iam-no-broad-managed-policy": (name) =>
    new aws.iam.RolePolicyAttachment(name, {
      role,
      policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
    }),
  "iam-no-wildcard-actions": (name) =>
    new aws.iam.RolePolicy(name, { role, policy: policyDocument("s3:Get*", "arn:aws:s3:::a/*") }),
  "iam-pass-role-restricted": (name) =>
    new aws.iam.RolePolicy(name, {
      role,
      policy: policyDocument("iam:PassRole", `arn:aws:iam::${account}:role/*`),
    }),
  "iam-trust-policy-restricted": (name) =>
    new aws.iam.Role(name, { assumeRolePolicy: trustPolicy({}) }),
  "kms-key-rotation": (name) =>
    new aws.kms.Key(name, { description: "no rotation" }, protectedOpts),
  "codebuild-no-privileged-mode": (name) => createProject(name, { privilegedMode: true }),
  "codebuild-no-plaintext-secrets": (name) =>
    createProject(name, {
      environmentVariables: [{ name: "INDEX_PASSWORD", value: "policy-test" }],
    }),
  "log-group-retention": (name) => new aws.cloudwatch.LogGroup(name, {}, protectedOpts),
  "codepipeline-type-v2": (name) => createPipeline(name, { pipelineType: "V1" }),
  "codepipeline-no-polling": (name) => createPipeline(name, { pollForSourceChanges: "true" }),
  "codepipeline-no-variables-in-environment": (name) =>
    createPipeline(name, { variable: "#{variables.MODEL}" }),
  "events-target-dead-letter-queue": (name) =>
    new aws.cloudwatch.EventTarget(name, { rule: "policy-test", arn: "arn:aws:sns:us-east-1:1:a" }),
  "sagemaker-model-network-isolation": (name) =>
    new aws.sagemaker.Model(name, {
      executionRoleArn: "policy-test",
      enableNetworkIsolation: false,
    }),
  "sagemaker-endpoint-volume-encryption": (name) => createEndpointConfiguration(name, 2),
  "sagemaker-endpoint-auto-rollback": (name) =>
    new aws.sagemaker.Endpoint(name, { endpointConfigName: "policy-test" }),
  "sagemaker-prod-endpoint-instance-count": (name) =>
    createEndpointConfiguration(name, 1, `arn:aws:kms:us-east-1:${account}:key/a`),
  "sns-topic-encryption": (name) => {
    createTopic(name, {}, "Deny");
  },
  "sqs-queue-encryption": (name) => {
    createQueue(name, {}, "Deny");
  },
  "prod-deletion-protection": (name) =>
    new aws.sagemaker.ModelPackageGroup(name, {
      modelPackageGroupName: name,
    }),
  "s3-bucket-public-access-block": bucketWithout("publicAccessBlock"),
  "s3-bucket-tls-only": bucketWithout("policy"),
  "s3-bucket-kms-encryption": bucketWithout("encryption"),
  "s3-bucket-versioning": bucketWithout("versioning"),
  "sns-topic-tls-only": (name) => {
    createTopic(name, { kmsMasterKeyId: "alias/a" }, "Allow");
  },
  "sqs-queue-tls-only": (name) => {
    createQueue(name, { kmsMasterKeyId: "alias/a" }, "Allow");
  },
};

function createEndpointConfiguration(
  name: string,
  initialInstanceCount: number,
  kmsKeyArn?: string,
): aws.sagemaker.EndpointConfiguration {
  return new aws.sagemaker.EndpointConfiguration(name, {
    productionVariants: [
      { modelName: "policy-test", instanceType: "ml.m5.large", initialInstanceCount },
    ],
    kmsKeyArn,
  });
}

function createProject(
  name: string,
  environment: Partial<aws.types.input.codebuild.ProjectEnvironment>,
): aws.codebuild.Project {
  return new aws.codebuild.Project(name, {
    serviceRole: "policy-test",
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

function createPipeline(
  name: string,
  {
    pipelineType = "V2",
    pollForSourceChanges = "false",
    variable = "#{codepipeline.PipelineExecutionId}",
  },
): aws.codepipeline.Pipeline {
  const service = { owner: "AWS", version: "1" };
  const EnvironmentVariables = JSON.stringify([{ name: "policy-test", value: variable }]);
  return new aws.codepipeline.Pipeline(name, {
    pipelineType,
    roleArn: "policy-test",
    artifactStores: [{ type: "S3", location: "policy-test" }],
    stages: [
      {
        name: "Source",
        actions: [
          {
            ...{ ...service, category: "Source", provider: "CodeCommit", name: "Code" },
            configuration: { PollForSourceChanges: pollForSourceChanges },
          },
        ],
      },
      {
        name: "Build",
        actions: [
          {
            ...{ ...service, category: "Build", provider: "CodeBuild", name: "Build" },
            configuration: { EnvironmentVariables },
          },
        ],
      },
    ],
  });
}

function createTopic(name: string, args: aws.sns.TopicArgs, effect: "Allow" | "Deny"): void {
  const created = new aws.sns.Topic(name, args);
  new aws.sns.TopicPolicy(name, {
    arn: created.arn,
    policy: transportPolicy(effect, "sns:Publish"),
  });
}

function createQueue(name: string, args: aws.sqs.QueueArgs, effect: "Allow" | "Deny"): void {
  const created = new aws.sqs.Queue(name, args);
  new aws.sqs.QueuePolicy(name, {
    queueUrl: created.url,
    policy: transportPolicy(effect, "sqs:*"),
  });
}

function transportPolicy(Effect: "Allow" | "Deny", Action: string): pulumi.Input<string> {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  const statement = { Effect, Principal: "*", Action, Resource: "*", Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { keepUndelivered, startPipeline, trustRule } from "./policies";

interface RetrainOnDataArgs {
  dataBucketName: string;
  /** Which object says that data is complete; `*` stands for anything. */
  dataKey: string;
  /** Of the rule, its role and its queue. */
  name: string;
  /** The pipeline that is started, of the same account and region. */
  pipelineArn: string;
}

/** Starts the pipeline when the one object is written; what could not be delivered waits in a queue. Gives the rule's name. */
export function retrainOnData(
  logicalName: string,
  { dataBucketName, dataKey, name, pipelineArn }: RetrainOnDataArgs,
): pulumi.Output<string> {
  const rule = new aws.cloudwatch.EventRule(logicalName, {
    name,
    description: `Starts the model build when data in ${dataBucketName} is complete`,
    eventPattern: JSON.stringify({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [dataBucketName] }, object: { key: [{ wildcard: dataKey }] } },
    }),
  });
  const role = new aws.iam.Role(logicalName, { name, assumeRolePolicy: trustRule(rule.arn) });
  const permission = new aws.iam.RolePolicy(logicalName, {
    name: "permissions",
    role: role.name,
    policy: startPipeline(pipelineArn),
  });
  const queue = new aws.sqs.Queue(logicalName, {
    name,
    messageRetentionSeconds: 1209600, // as long as SQS can: 14 days
    sqsManagedSseEnabled: true,
  });
  const mayKeep = new aws.sqs.QueuePolicy(logicalName, {
    queueUrl: queue.url,
    policy: keepUndelivered(queue.arn, rule.arn),
  });
  new aws.cloudwatch.EventTarget(
    logicalName,
    {
      rule: rule.name,
      targetId: "model-build",
      arn: pipelineArn,
      roleArn: role.arn,
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: queue.arn },
    },
    // An event in the moment before they stand would be lost.
    { dependsOn: [permission, mayKeep] },
  );
  return rule.name;
}

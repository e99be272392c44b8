import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { ruleTrustPolicy, startPipelinePolicy, undeliveredEventsPolicy } from "./policies";

interface RetrainOnDataArgs {
  dataBucketName: string;
  /** Key of the object that marks data as complete; `*` matches anything. */
  dataKey: string;
  /** Name of the EventBridge rule, its role and its queue. */
  name: string;
  /** ARN of the CodePipeline to start, in the same account and region. */
  pipelineArn: string;
}

/**
 * EventBridge rule that starts the pipeline when the object is created, with a DLQ.
 * Returns the name of the rule.
 */
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
  const role = new aws.iam.Role(logicalName, { name, assumeRolePolicy: ruleTrustPolicy(rule.arn) });
  const permission = new aws.iam.RolePolicy(logicalName, {
    name: "permissions",
    role: role.name,
    policy: startPipelinePolicy(pipelineArn),
  });
  const queue = new aws.sqs.Queue(logicalName, {
    name,
    messageRetentionSeconds: 1209600, // 14 days, the maximum of SQS
    sqsManagedSseEnabled: true,
  });
  const queuePolicy = new aws.sqs.QueuePolicy(logicalName, {
    queueUrl: queue.url,
    policy: undeliveredEventsPolicy(queue.arn, rule.arn),
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
    // Without both policies EventBridge would lose early events.
    { dependsOn: [permission, queuePolicy] },
  );
  return rule.name;
}

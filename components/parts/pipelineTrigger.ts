import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface PipelineTriggerArgs {
  /** Policies of role and queue: EventBridge does not retry a call that lacks permission. */
  after: pulumi.Resource[];
  dlqArn: pulumi.Input<string>;
  /** Description of the rule in the AWS console. */
  description: string;
  /** JSON path in the event of each variable that `start` uses. */
  paths: Record<string, string>;
  pattern: pulumi.Input<object>;
  pipelineArn: pulumi.Input<string>;
  roleArn: pulumi.Input<string>;
  ruleName: pulumi.Input<string>;
  /** Body of StartPipelineExecution; `<variable>` is replaced by the value from the event. */
  start: object;
  tags: Record<string, string>;
  targetId: string;
}

/** EventBridge rule that starts a pipeline; undelivered events go to the dead-letter queue. */
export function pipelineTrigger(
  name: string,
  { after, ...args }: PipelineTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      name: args.ruleName,
      description: args.description,
      eventPattern: pulumi.jsonStringify(args.pattern),
      tags: args.tags,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      targetId: args.targetId,
      arn: args.pipelineArn,
      roleArn: args.roleArn,
      // One hour covers throttling and short outages. A later retry could overtake newer events.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: args.dlqArn },
      inputTransformer: { inputPaths: args.paths, inputTemplate: JSON.stringify(args.start) },
    },
    // Without these policies, an event goes to the queue or is lost.
    pulumi.mergeOptions(opts, { dependsOn: after }),
  );
}

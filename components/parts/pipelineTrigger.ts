import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface PipelineTriggerArgs {
  /** What lets events through and keeps those that are not: a missing permission is not retried. */
  after: pulumi.Resource[];
  deadLetterArn: pulumi.Input<string>;
  /** When it starts the pipeline, for those who look at the rule. */
  description: string;
  /** Where in the event each word of `input` is found. */
  paths: Record<string, string>;
  pattern: pulumi.Input<object>;
  pipelineArn: pulumi.Input<string>;
  roleArn: pulumi.Input<string>;
  ruleName: pulumi.Input<string>;
  /** With what the pipeline is started: the body of StartPipelineExecution, `<word>` for what the event says. */
  start: object;
  tags: Record<string, string>;
  targetId: string;
}

/** Starts a pipeline on certain events; one that cannot be delivered is kept. */
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
      // Long enough for a throttled or broken hour; later than that, an old event would overtake newer ones.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: args.deadLetterArn },
      inputTransformer: { inputPaths: args.paths, inputTemplate: JSON.stringify(args.start) },
    },
    // An event before that would go straight to the queue, or be lost.
    pulumi.mergeOptions(opts, { dependsOn: after }),
  );
}

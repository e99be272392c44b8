import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface EventRuleArgs {
  /** The rule ignores events that other accounts forward to the event bus. */
  accountId: pulumi.Input<string>;
  description: pulumi.Input<string>;
  dlqArn: pulumi.Input<string>;
  /** JSON path in the event of each variable in `inputTemplate`. */
  inputPaths: pulumi.Input<Record<string, string>>;
  /** Input of the target; `<variable>` is replaced by the value from the event. */
  inputTemplate: pulumi.Input<string>;
  pattern: pulumi.Input<object>;
  /** Role that EventBridge assumes to call the target; without one, it calls as a service. */
  roleArn: pulumi.Input<string> | undefined;
  ruleName: pulumi.Input<string>;
  tags: Record<string, string>;
  targetArn: pulumi.Input<string>;
  targetId: string;
}

/**
 * EventBridge rule with one target, retries and a DLQ.
 * EventBridge does not retry a call that lacks permission: pass ARNs that wait for their policies.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export function eventRule(
  name: string,
  args: EventRuleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { inputPaths, inputTemplate } = args;
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      name: args.ruleName,
      description: args.description,
      eventPattern: pulumi.jsonStringify(
        pulumi
          .all([args.accountId, args.pattern])
          .apply(([accountId, pattern]) => ({ account: [accountId], ...pattern })),
      ),
      tags: args.tags,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      targetId: args.targetId,
      arn: args.targetArn,
      roleArn: args.roleArn,
      // One hour covers throttling and short outages. A later retry could overtake newer events.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: args.dlqArn },
      inputTransformer: { inputPaths, inputTemplate },
    },
    opts,
  );
}

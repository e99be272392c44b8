import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface CommitTriggerArgs {
  branch: string;
  deadLetters: { arn: pulumi.Input<string>; policy: pulumi.Resource };
  pipelineArn: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  role: { arn: pulumi.Input<string>; policy: pulumi.Resource };
  ruleName: pulumi.Input<string>;
  sourceAction: string;
  tags: Record<string, string>;
}

/** Starts the pipeline, at the pushed commit, when the one branch is created or moves. */
export function commitTrigger(
  name: string,
  { deadLetters, role, ...args }: CommitTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      name: args.ruleName,
      description: `Starts the model build when ${args.branch} is created or moves`,
      eventPattern: pulumi.jsonStringify(pushTo(args.branch, args.repositoryArn)),
      tags: args.tags,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      targetId: "model-build-pipeline",
      arn: args.pipelineArn,
      roleArn: role.arn,
      // Long enough for a throttled or broken hour; later than that, an old commit would overtake newer ones.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: deadLetters.arn },
      inputTransformer: {
        inputPaths: { commit: "$.detail.commitId" },
        inputTemplate: JSON.stringify({ sourceRevisions: [pinned(args.sourceAction)] }),
      },
    },
    // A missing permission is not retried: a push in that moment would go straight to the queue, or be lost.
    pulumi.mergeOptions(opts, { dependsOn: [role.policy, deadLetters.policy] }),
  );
}

/** Created or updated; a deletion, a tag or another branch starts nothing. */
function pushTo(branch: string, repositoryArn: pulumi.Input<string>) {
  return {
    source: ["aws.codecommit"],
    "detail-type": ["CodeCommit Repository State Change"],
    resources: [repositoryArn],
    detail: {
      event: ["referenceCreated", "referenceUpdated"],
      referenceType: ["branch"],
      referenceName: [branch],
    },
  };
}

/** EventBridge puts the event's commit in place of `<commit>`. */
function pinned(actionName: string) {
  return { actionName, revisionType: "COMMIT_ID", revisionValue: "<commit>" };
}

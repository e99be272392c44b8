import type * as pulumi from "@pulumi/pulumi";

import { type Names, stages } from "./names";
import type { DeadLetterQueue } from "./parts/deadLetterQueue";
import { pipelineTrigger } from "./parts/pipelineTrigger";
import { serviceRole } from "./parts/serviceRole";
import { startPipeline } from "./policies/roles";
import { trustTrigger } from "./policies/trust";

interface PushTriggerArgs {
  branch: string;
  deadLetters: DeadLetterQueue;
  description: string;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  pipelineArn: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** The EventBridge rule that starts the pipeline on a push, at the pushed commit, and its role. */
export function pushTrigger(
  name: string,
  { branch, deadLetters, description, names, permissionsBoundary, tags, ...push }: PushTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const role = serviceRole(
    `${name}-trigger-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply(({ pipelineArn }) => startPipeline(pipelineArn)),
      roleName: names.triggerRole,
      tags,
      trust: names.apply((it) => trustTrigger(it, it.ruleArn)),
    },
    opts,
  );
  pipelineTrigger(
    `${name}-on-push`,
    {
      after: [role.policy, deadLetters.policy],
      deadLetterArn: deadLetters.arn,
      description: `Starts the model build when ${branch} is created or moves`,
      paths: { commit: "$.detail.commitId" },
      pattern: pushTo(branch, push.repositoryArn),
      pipelineArn: push.pipelineArn,
      roleArn: role.arn,
      ruleName: names.rule,
      start: { sourceRevisions: [pinned(stages.source.action)] },
      tags,
      targetId: "model-build-pipeline",
    },
    opts,
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

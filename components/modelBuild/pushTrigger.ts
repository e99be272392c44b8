import type * as pulumi from "@pulumi/pulumi";

import { type Names, stages } from "../names/names";
import { eventRule } from "../parts/eventRule";
import { serviceRole } from "../parts/serviceRole";
import { ruleRolePolicy } from "../policies/buildRoles";
import { ruleTrustPolicy } from "../policies/trust";

interface PushTriggerArgs {
  branch: string;
  description: string;
  dlqArn: pulumi.Input<string>;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  pipelineArn: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** EventBridge rule, with role: starts the pipeline at the pushed commit. */
export function pushTrigger(
  name: string,
  { branch, description, dlqArn, names, permissionsBoundary, tags, ...args }: PushTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const roleArn = serviceRole(
    `${name}-push-rule-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply(({ pipelineArn }) => ruleRolePolicy(pipelineArn)),
      roleName: names.pushRuleRole,
      tags,
      trust: names.apply((it) => ruleTrustPolicy(it, it.pushRuleArn)),
    },
    opts,
  );
  eventRule(
    `${name}-push-rule`,
    {
      accountId: names.accountId,
      description: `Starts the model build when ${branch} is created or moves`,
      dlqArn,
      inputPaths: { commit: "$.detail.commitId" },
      inputTemplate: JSON.stringify({ sourceRevisions: [pinnedRevision(stages.source.action)] }),
      pattern: pushPattern(branch, args.repositoryArn),
      roleArn,
      ruleName: names.pushRule,
      tags,
      targetArn: args.pipelineArn,
      targetId: "model-build-pipeline",
    },
    opts,
  );
}

/** Event pattern of a created or updated branch; not of deletions, tags and other branches. */
function pushPattern(branch: string, repositoryArn: pulumi.Input<string>) {
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

/** Source revision of the execution. EventBridge replaces `<commit>` with the commit ID. */
function pinnedRevision(actionName: string) {
  return { actionName, revisionType: "COMMIT_ID", revisionValue: "<commit>" };
}

import type * as pulumi from "@pulumi/pulumi";

import { modelVariable } from "../names/deployNames";
import type { Names } from "../names/names";
import { eventRule } from "../parts/eventRule";
import { serviceRole } from "../parts/serviceRole";
import { ruleRolePolicy } from "../policies/buildRoles";
import { ruleTrustPolicy } from "../policies/trust";

interface ApprovalTriggerArgs {
  description: string;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  pipelineArn: pulumi.Input<string>;
  project: string;
  tags: Record<string, string>;
}

/** EventBridge rule, with role: starts the pipeline on approval or rejection of a model version. */
export function approvalTrigger(
  name: string,
  { description, names, permissionsBoundary, project, tags, ...args }: ApprovalTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const roleArn = serviceRole(
    `${name}-approval-rule-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply(({ deploy }) => ruleRolePolicy(deploy.pipelineArn)),
      roleName: names.deploy.approvalRuleRole,
      tags,
      trust: names.apply((it) => ruleTrustPolicy(it, it.deploy.approvalRuleArn)),
    },
    opts,
  );
  eventRule(
    `${name}-approval-rule`,
    {
      description: `Starts a deployment when a model version of ${project} is approved or rejected`,
      dlqArn: names.queueArn,
      inputPaths: { model: "$.detail.ModelPackageArn" },
      inputTemplate: JSON.stringify({
        variables: [{ name: modelVariable.name, value: "<model>" }],
      }),
      pattern: names.apply(decisionPattern),
      roleArn,
      ruleName: names.deploy.approvalRule,
      tags,
      targetArn: args.pipelineArn,
      targetId: "model-deploy-pipeline",
    },
    opts,
  );
}

/**
 * Event pattern of an approval or rejection. Later edits of a version send the same event, with
 * the changed fields in `UpdatedModelPackageFields`.
 */
function decisionPattern({ modelPackageGroup }: Names): object {
  const changed = "UpdatedModelPackageFields";
  return {
    source: ["aws.sagemaker"],
    "detail-type": ["SageMaker Model Package State Change"],
    detail: {
      ModelApprovalStatus: ["Approved", "Rejected"],
      ModelPackageGroupName: [modelPackageGroup],
      ModelPackageStatus: ["Completed"],
      $or: [{ [changed]: [{ exists: false }] }, { [changed]: ["ModelApprovalStatus"] }],
    },
  };
}

import type * as pulumi from "@pulumi/pulumi";

import { modelVariable } from "../names/deployNames";
import type { Names } from "../names/names";
import { pipelineTrigger } from "../parts/pipelineTrigger";
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
  { description, names, permissionsBoundary, project, ...args }: ApprovalTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { tags } = args;
  const role = serviceRole(
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
  pipelineTrigger(
    `${name}-approval-rule`,
    {
      ...args,
      after: [role.policy],
      dlqArn: names.queueArn,
      description: `Starts a deployment when a model version of ${project} is approved or rejected`,
      paths: { model: "$.detail.ModelPackageArn" },
      pattern: names.apply(decisionPattern),
      roleArn: role.arn,
      ruleName: names.deploy.approvalRule,
      start: { variables: [{ name: modelVariable.name, value: "<model>" }] },
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

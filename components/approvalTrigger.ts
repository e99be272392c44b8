import type * as pulumi from "@pulumi/pulumi";

import { modelVariable } from "./deployNames";
import type { Names } from "./names";
import { pipelineTrigger } from "./parts/pipelineTrigger";
import { serviceRole } from "./parts/serviceRole";
import { startPipeline } from "./policies/roles";
import { trustTrigger } from "./policies/trust";

interface ApprovalTriggerArgs {
  description: string;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  pipelineArn: pulumi.Input<string>;
  project: string;
  tags: Record<string, string>;
}

/** The EventBridge rule that starts the pipeline when a model version is approved or rejected, and its role. */
export function approvalTrigger(
  name: string,
  { description, names, permissionsBoundary, project, ...args }: ApprovalTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { tags } = args;
  const role = serviceRole(
    `${name}-approval-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply(({ deploy }) => startPipeline(deploy.pipelineArn)),
      roleName: names.deploy.triggerRole,
      tags,
      trust: names.apply((it) => trustTrigger(it, it.deploy.ruleArn)),
    },
    opts,
  );
  pipelineTrigger(
    `${name}-on-approval`,
    {
      ...args,
      after: [role.policy],
      deadLetterArn: names.queueArn,
      description: `Starts a deployment when a model version of ${project} is approved or rejected`,
      paths: { model: "$.detail.ModelPackageArn" },
      pattern: names.apply(decidedOn),
      roleArn: role.arn,
      ruleName: names.deploy.rule,
      start: { variables: [{ name: modelVariable.name, value: "<model>" }] },
      targetId: "model-deploy-pipeline",
    },
    opts,
  );
}

/** Later edits of a decided version send the same event, but name the fields that they changed. */
function decidedOn({ modelPackageGroup }: Names): object {
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

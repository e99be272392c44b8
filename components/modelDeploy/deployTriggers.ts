import type * as pulumi from "@pulumi/pulumi";

import { deployStages, modelVariable } from "../names/deployNames";
import type { Names } from "../names/names";
import { eventRule } from "../parts/eventRule";
import { serviceRole } from "../parts/serviceRole";
import { ruleRolePolicy } from "../policies/buildRoles";
import { ruleTrustPolicy } from "../policies/trust";

interface DeployTriggersArgs {
  description: string;
  /** Whether a schedule deletes the staging endpoint after the approval. */
  expiresStaging: boolean;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  pipelineArn: pulumi.Input<string>;
  project: string;
  tags: Record<string, string>;
}

/**
 * EventBridge rules that start the pipeline, with their role: on approval or rejection of a model
 * version, and on failure of the staging stage.
 */
export function deployTriggers(
  name: string,
  { description, names, permissionsBoundary, tags, ...args }: DeployTriggersArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { expiresStaging, pipelineArn, project } = args;
  const roleArn = serviceRole(
    `${name}-approval-rule-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply(({ deploy }) => ruleRolePolicy(deploy.pipelineArn)),
      roleName: names.deploy.approvalRuleRole,
      tags,
      trust: names.apply((it) => ruleTrustPolicy(it, triggerRuleArns(it, expiresStaging))),
    },
    opts,
  );
  const start = {
    accountId: names.accountId,
    dlqArn: names.queueArn,
    roleArn,
    tags,
    targetArn: pipelineArn,
    targetId: "model-deploy-pipeline",
  };
  eventRule(
    `${name}-approval-rule`,
    {
      ...start,
      description: `Starts a deployment when a model version of ${project} is approved or rejected`,
      inputPaths: { model: "$.detail.ModelPackageArn" },
      inputTemplate: startInput("<model>"),
      pattern: names.apply(decisionPattern),
      ruleName: names.deploy.approvalRule,
    },
    opts,
  );
  if (!expiresStaging) return;
  eventRule(
    `${name}-staging-failed-rule`,
    {
      ...start,
      description: `Schedules the deletion of the staging endpoint of ${project} when stage ${deployStages.staging.name} fails`,
      inputPaths: {},
      inputTemplate: startInput(modelVariable.expireStaging),
      pattern: names.apply(stagingFailedPattern),
      ruleName: names.deploy.stagingFailedRule,
    },
    opts,
  );
}

/** Input of StartPipelineExecution with this value of the pipeline variable. */
function startInput(value: string): string {
  return JSON.stringify({ variables: [{ name: modelVariable.name, value }] });
}

/** AWS returns a list of one value as the value. */
function triggerRuleArns({ deploy }: Names, expiresStaging: boolean): string | string[] {
  const { approvalRuleArn, stagingFailedRuleArn } = deploy;
  return expiresStaging ? [approvalRuleArn, stagingFailedRuleArn] : approvalRuleArn;
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

/**
 * Event pattern of a failed, rejected or timed out staging stage. The execution that it starts stops
 * itself in stage Queue, before staging, so it never matches this pattern.
 */
function stagingFailedPattern({ deploy }: Names): object {
  return {
    source: ["aws.codepipeline"],
    "detail-type": ["CodePipeline Stage Execution State Change"],
    detail: {
      pipeline: [deploy.pipeline],
      stage: [deployStages.staging.name],
      state: ["FAILED"],
    },
  };
}

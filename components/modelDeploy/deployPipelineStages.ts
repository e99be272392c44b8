import type * as pulumi from "@pulumi/pulumi";

import type { DeployBuilds } from "./deployBuilds";
import { deployArtifacts, deployStages } from "../names/deployNames";
import type { Action, Stage } from "../parts/pipeline";
import { buildAction } from "../shared/codeBuildProject";

interface DeployPipelineStagesArgs {
  builds: DeployBuilds;
  settings: {
    approval: string;
    approvalTimeoutMinutes: number;
    projectId: string;
    projectName: string;
  };
  source: Action;
  studioUrl: pulumi.Input<string>;
}

/**
 * Stages of the deployment CodePipeline. Staging selects the model version and writes the deployment
 * artifact. Production deploys that version.
 */
export function deployPipelineStages({
  builds,
  settings,
  source,
  studioUrl,
}: DeployPipelineStagesArgs): Stage[] {
  const { deployment, results, source: sourceCode } = deployArtifacts;
  const { prod, queue, staging } = deployStages;
  return [
    { name: deployStages.source.name, actions: [source] },
    // Its own stage: it runs while an older execution waits for the approval in the next one.
    {
      name: queue.name,
      actions: [
        buildAction(queue.action, {
          category: "Build",
          inputArtifacts: [sourceCode],
          projectName: builds.queue,
        }),
      ],
    },
    // One stage: staging keeps serving the version under approval until the decision.
    {
      name: staging.name,
      actions: [
        buildAction(staging.deploy, {
          category: "Build",
          inputArtifacts: [sourceCode],
          outputArtifacts: [deployment],
          projectName: builds.staging,
        }),
        buildAction(staging.test, {
          category: "Test",
          inputArtifacts: [sourceCode, deployment],
          // The approval action reads the test results from this namespace.
          namespace: "Test",
          outputArtifacts: [results],
          projectName: builds.test,
        }),
        ...(settings.approval === "none" ? [] : [approval(studioUrl, settings)]),
      ],
    },
    {
      name: prod.name,
      actions: [
        buildAction(prod.deploy, {
          category: "Build",
          inputArtifacts: [sourceCode, deployment],
          projectName: builds.prod,
        }),
      ],
      rollsBack: true,
    },
  ];
}

/** Manual approval action; its text carries the test results. */
function approval(
  studioUrl: pulumi.Input<string>,
  { approvalTimeoutMinutes, projectId, projectName }: DeployPipelineStagesArgs["settings"],
): Action {
  return {
    category: "Approval",
    name: deployStages.staging.approve,
    provider: "Manual",
    configuration: {
      CustomData: `Approve deployment to production: ${projectName} (${projectId})? #{Test.SUMMARY}`,
      ExternalEntityLink: studioUrl,
    },
    timeoutInMinutes: approvalTimeoutMinutes,
  };
}

import { clearBuilt } from "../clearBuilt";
import { clearDeployed, endpointsOf } from "../clearDeployed";
import { ifFound } from "../endpoints/clients";
import { buildsOf } from "../revoke/builds";
import { pipelineExecutionsOf } from "../revoke/jobs";
import { type Kit, until } from "./kit";

const CHANGE_MINUTES = 45;

/**
 * Stops everything in progress, which could create an endpoint again; then deletes endpoints, model
 * versions and the SageMaker pipeline.
 */
export async function deleteEverything(kit: Kit): Promise<string[]> {
  const { clients, target } = kit;
  const lines: string[] = [];
  const report = (resource: string) => void lines.push(`deleted ${resource}`);
  await stopEverything(kit);
  for (const endpoint of endpointsOf(target.names.modelPackageGroup))
    await until(kit, `the deletion of endpoint ${endpoint}`, CHANGE_MINUTES, async () => {
      try {
        await clearDeployed(endpoint, clients, report);
        return true;
      } catch (error) {
        // Creating, Updating or RollingBack.
        if (error instanceof Error && error.message.includes("rejects the deletion"))
          return undefined;
        throw error;
      }
    });
  const { modelPackageGroup, sagemakerPipeline } = target.names;
  const built = {
    modelPackageGroupName: modelPackageGroup,
    sagemakerPipelineName: sagemakerPipeline,
  };
  await ifFound(clearBuilt(built, clients.sagemaker, report));
  return lines;
}

async function stopEverything({ clients, report, target }: Kit): Promise<void> {
  const { codebuild, codepipeline, sagemaker } = clients;
  const { deploy, pipeline, buildProject, sagemakerPipeline } = target.names;
  for (const pipelineName of [pipeline, deploy.pipeline]) {
    const { pipelineExecutionSummaries = [] } =
      (await ifFound(codepipeline.listPipelineExecutions({ pipelineName }))) ?? {};
    for (const { pipelineExecutionId, status } of pipelineExecutionSummaries)
      if (status === "InProgress")
        await codepipeline.stopPipelineExecution({
          abandon: true,
          pipelineExecutionId,
          pipelineName,
        });
  }
  const projects = [buildProject, deploy.queue.project, deploy.staging.project];
  const activities = await pipelineExecutionsOf(sagemakerPipeline, sagemaker);
  for (const project of [...projects, deploy.test.project, deploy.prod.project])
    activities.push(...((await ifFound(buildsOf(project, codebuild))) ?? []));
  for (const { isStopping, resource, stop } of activities)
    if (!isStopping) {
      report(`stopping ${resource}`);
      await stop();
    }
}

/** Destroys the stack; Pulumi reports what it deleted. */
export async function destroy({ report, stack }: Kit): Promise<string[]> {
  const { summary } = await stack.destroy({ onOutput: report });
  return [`${String(summary.resourceChanges?.delete ?? 0)} resources deleted`];
}

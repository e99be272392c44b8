import { commit } from "../commit";
import { deployedSource } from "../deployedSource";
import { type Files, filesAt } from "../../services/codepipeline/sourceFiles";
import type { DeployScenario } from "./deployScenario";

/** Commits files to the deploy repository, made from those that it has; the next deployment takes them. */
export async function commitDeploySource(
  message: string,
  change: (files: Files) => Record<string, string>,
  { deployment, testEnvironment }: DeployScenario,
): Promise<void> {
  const { context } = testEnvironment;
  const { branchName, repositoryName } = await deployedSource(deployment.pipelineName, context);
  const changed = change(await filesAt(repositoryName, branchName, context));
  const put = Object.fromEntries(
    Object.entries(changed).map(([name, content]) => [name, Buffer.from(content)]),
  );
  await commit({ branchName, message, put, repositoryName }, context);
}

import { commit } from "../commit";
import { filesAt } from "../delivery/sourceFiles";
import { deployedSource } from "../deployedSource";
import type { DeployScenario } from "./deployScenario";

/** A commit to the deploy repository that changes one file. */
export async function commitChange(
  { deployment, testEnvironment }: DeployScenario,
  file: string,
  message: string,
  change: (text: string) => string,
): Promise<void> {
  const { stage } = testEnvironment;
  const { branchName, repositoryName } = await deployedSource(deployment.pipelineName, stage);
  const files = await filesAt(repositoryName, branchName, stage);
  const text = change(Buffer.from(files[file] ?? "").toString());
  await commit({ branchName, message, put: { [file]: Buffer.from(text) }, repositoryName }, stage);
}

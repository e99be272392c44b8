import type { ActionDeclaration } from "@aws-sdk/client-codepipeline";
import { z } from "zod";

import { playBuild } from "../build/playBuild";
import { judged } from "../clients";
import { type Played, type Playing, given } from "./playing";

// Of the other types this machine knows no value.
const plain = z.literal("PLAINTEXT").default("PLAINTEXT");
const variablesShape = z.array(
  z.strictObject({ name: z.string(), type: plain, value: z.string() }),
);

/** Starts the project's build as CodePipeline does, and plays it to its end. */
export async function playBuildAction(
  { configuration = {}, inputArtifacts = [] }: ActionDeclaration,
  commitId: string,
  playing: Playing,
): Promise<Played> {
  const { credentials, executionId, pipelineName, python, stage } = playing;
  const projectName = given(configuration.ProjectName, "ProjectName");
  const source = given(playing.artifacts.get(inputArtifacts[0]?.name ?? ""), "input artifact");
  const json = (configuration.EnvironmentVariables ?? "[]").replaceAll(
    "#{codepipeline.PipelineExecutionId}",
    executionId,
  );
  const unknown = /#\{[^}]*\}/.exec(json)?.[0];
  if (unknown !== undefined) throw new Error(`no value for ${unknown} in EnvironmentVariables`);
  const environmentVariablesOverride = variablesShape.parse(JSON.parse(json));

  const codebuild = await judged(stage, credentials).codebuild();
  const started = await codebuild.startBuild({ projectName, environmentVariablesOverride });
  const buildId = given(started.build?.id, "id of the build");
  const variables = environmentVariablesOverride.map(({ name, value }) => [name, value]);
  const result = await playBuild(
    {
      buildId,
      commitId,
      initiator: `codepipeline/${pipelineName}`,
      projectName,
      python,
      source,
      variables: z.record(z.string(), z.string()).parse(Object.fromEntries(variables)),
    },
    stage,
  );
  await codebuild.batchGetBuilds({ ids: [buildId] });
  const console = `https://console.aws.amazon.com/codebuild/home?region=${stage.region}`;
  return { ...result, build: { id: buildId, url: `${console}#/builds/${buildId}/view/new` } };
}

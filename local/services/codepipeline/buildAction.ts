import { z } from "zod";

import { simulateBuild } from "../codebuild/simulateBuild";
import { authorizedClients } from "../../iam/clients";
import {
  type ActionCall,
  type ActionResult,
  type PipelineRun,
  newPlace,
  placeOfInput,
  given,
} from "./pipelineRun";

const configurationShape = z.strictObject({
  EnvironmentVariables: z.string().default("[]"),
  PrimarySource: z.string().optional(),
  ProjectName: z.string(),
});
// Of the other types this machine knows no value.
const plain = z.literal("PLAINTEXT").default("PLAINTEXT");
const variablesShape = z.array(
  z.strictObject({ name: z.string(), type: plain, value: z.string() }),
);

/** Starts the project's build as CodePipeline does, and simulates it to its end. */
export async function simulateBuildAction(
  action: ActionCall,
  pipelineRun: PipelineRun,
): Promise<ActionResult> {
  const { credentials, made, pipelineName, context } = pipelineRun;
  const { EnvironmentVariables, PrimarySource, ProjectName } = configurationOf(action);
  const environmentVariablesOverride = variablesShape.parse(JSON.parse(EnvironmentVariables));

  const start = new Date();
  const codebuild = await authorizedClients(context, credentials).codebuild();
  const started = await codebuild.startBuild({
    projectName: ProjectName,
    environmentVariablesOverride,
  });
  const buildId = given(started.build?.id, "id of the build");
  const variables = environmentVariablesOverride.map(({ name, value }) => [name, value]);
  const inputs = action.inputArtifacts.map(({ name }) => name);
  const primary = given(inputs.length > 1 ? PrimarySource : inputs[0], "PrimarySource");
  const outputs = new Map(
    action.outputArtifacts.map(({ name }) => [name, newPlace(name, pipelineRun)]),
  );
  const { exported, ...result } = await simulateBuild(
    {
      buildId,
      commitId: made.commitId,
      initiator: `codepipeline/${pipelineName}`,
      inputs: new Map(
        inputs
          .filter((name) => name !== primary)
          .map((name) => [name, placeOfInput(name, pipelineRun)]),
      ),
      keyId: pipelineRun.store.encryptionKey?.id,
      note: (line) => {
        pipelineRun.note("CodeBuild", `note: ${line}`);
      },
      outputs,
      projectName: ProjectName,
      isOffline: pipelineRun.isOffline,
      isTimeSimulated: pipelineRun.isTimeSimulated,
      python: pipelineRun.python,
      source: placeOfInput(primary, pipelineRun),
      variables: z.record(z.string(), z.string()).parse(Object.fromEntries(variables)),
    },
    context,
  );
  const words = buildWords(result.lines);
  if (words.length > 0) pipelineRun.note("CodeBuild", words.join("\n"), { start });
  await codebuild.batchGetBuilds({ ids: [buildId] });
  if (result.failure === undefined) {
    for (const [name, place] of outputs) made.artifacts.set(name, place);
  }
  const console = `https://console.aws.amazon.com/codebuild/home?region=${context.region}`;
  const build = { id: buildId, url: `${console}#/builds/${buildId}/view/new` };
  return { ...result, build, outputVariables: exported };
}

function configurationOf({ configuration, name }: ActionCall) {
  const { data, error } = configurationShape.safeParse(configuration);
  if (error === undefined) return data;
  throw new Error(
    `action ${name}: the local cloud does not simulate this CodeBuild configuration:\n${z.prettifyError(error)}`,
  );
}

/** Lines of a build log: passed tests, and the last three lines, with the result or the error. */
function buildWords(lines: readonly string[]): string[] {
  const said = lines.filter((line) => line !== "");
  const tests = said.slice(0, -3).filter((line) => /\b\d+ passed\b/.test(line));
  return [...tests, ...said.slice(-3)];
}

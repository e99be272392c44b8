import { strict as assert } from "node:assert";

import { z } from "zod";

import program = require("../../index");
import { record } from "../support/mocks";

const stagesOf = z.object({
  stages: z.array(
    z.object({
      actions: z.array(
        z.object({ configuration: z.record(z.string(), z.string()), name: z.string() }),
      ),
    }),
  ),
});
const variablesOf = z.array(
  z.strictObject({ name: z.string(), type: z.literal("PLAINTEXT"), value: z.string() }),
);

const connectionArn =
  "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";

describe("every pipeline of the program", () => {
  const configs: Record<string, object> = {
    "with the default settings": {},
    "in a network": { network: { created: {} } },
    "with serverless staging": {
      posture: "dev",
      deploy: { enabled: true, staging: { kind: "serverless" } },
    },
    "with sources outside AWS": {
      source: { connection: { connectionArn, fullRepositoryId: "acme/churn-model" } },
      deploy: {
        enabled: true,
        source: { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } },
      },
    },
  };
  // CodePipeline replaces #{...} without escaping, and a user who may start executions sets the
  // value of a pipeline variable to any text: it could add environment variables to the build.
  for (const [what, config] of Object.entries(configs))
    it(`passes no pipeline variable to a build, ${what}`, async () => {
      const environments = await environmentsOf(config);
      assert.deepEqual(Object.keys(environments).sort(), [
        "BuildAndExecuteSageMakerPipeline",
        "DeployResourcesProd",
        "DeployResourcesStaging",
        "ReportQueue",
        "TestStaging",
      ]);
      for (const [action, text] of Object.entries(environments)) {
        assert.doesNotMatch(text, /#\{variables\./, action);
        assert.deepEqual(
          variablesOf.parse(JSON.parse(text)).map(({ name, value }) => [name, value]),
          [["CODEPIPELINE_EXECUTION_ID", "#{codepipeline.PipelineExecutionId}"]],
          action,
        );
      }
    });
});

/** `EnvironmentVariables` of each action that has them, by the name of the action. */
async function environmentsOf(settings: object): Promise<Record<string, string>> {
  const all = { projectName: "churn", deploy: { enabled: true }, ...settings };
  const config = Object.entries<unknown>(all).map(([key, value]): [string, string] => [
    `model-build-pipeline:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { resources } = await record(program, { config: Object.fromEntries(config) });
  const pipelines = resources.filter(({ type }) => type === "aws:codepipeline/pipeline:Pipeline");
  const actions = pipelines
    .flatMap(({ inputs }) => stagesOf.parse(inputs).stages)
    .flatMap((stage) => stage.actions);
  return Object.fromEntries(
    actions.flatMap(({ configuration: { EnvironmentVariables }, name }) =>
      EnvironmentVariables === undefined ? [] : [[name, EnvironmentVariables]],
    ),
  );
}

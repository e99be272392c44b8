import { join } from "node:path";

import { z } from "zod";

import { programIn } from "../../../lib/programIn";
import { type StackProgram, prepareTools, withLocalCloud } from "../../index";
import { mustChangeNothing, deploy } from "../deployedStack";
import { policyPack } from "../thisProject";
import type { ScenarioWork } from "../runScenario";
import { runWorkflows } from "./runWorkflows";

const FOLDER = join(__dirname, "..", "..", "..", "bootstrap");

const outputsShape = z.object({
  backendUrl: z.string(),
  deployments: z.record(
    z.string(),
    z.object({ permissionsBoundaryArn: z.string(), secretsProvider: z.string() }),
  ),
});

/** The bootstrap program, checked by the policy pack, whose config names the permissions boundary. */
export const bootstrapProgram: StackProgram = {
  policyPack,
  policyConfig: {
    "iam-no-wildcard-actions": {
      boundaries: ["dev", "prod"].flatMap((stack) => [
        `mlops-churn--${stack}--boundary-use1`,
        `mlops-churn--${stack}--deployment-boundary-use1`,
      ]),
    },
  },
  program: programIn(FOLDER),
  root: FOLDER,
  stackName: "main",
};

/** Outputs of the bootstrap that other programs need. */
export function bootstrapOutputs(outputs: unknown) {
  return outputsShape.parse(outputs);
}

/**
 * Deploys the bootstrap program with the policy pack, runs the commands of the GitHub workflows with its state
 * bucket against a simulated GitHub API, and destroys it as its owner would.
 */
export async function examples({ signal, steps }: ScenarioWork): Promise<void> {
  const { step } = steps;
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  await withLocalCloud(tools, bootstrapProgram, signal, async (engine) => {
    await deploy(engine, steps, []);
    await step("a second pulumi up --refresh changes nothing", () =>
      mustChangeNothing(engine, "pulumi up --refresh", { refresh: true }),
    );
    const made = bootstrapOutputs(await engine.outputs());
    await runWorkflows(engine, tools, steps, made);
  });
}

import { join } from "node:path";

import { z } from "zod";

import { programIn } from "../../../lib/programIn";
import { type Tools, withLocalCloud } from "../../cloud/localCloud";
import { mustChangeNothing, deploy } from "../deployedStack";
import type { Steps } from "../../report/steps";
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
export const bootstrapProgram = {
  hasPolicyPack: true,
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
};

/** Outputs of the bootstrap that other programs need. */
export function bootstrapOutputs(outputs: unknown) {
  return outputsShape.parse(outputs);
}

/** Deploys the bootstrap program, runs the workflows on its resources, and destroys it as its owner would. */
export async function bootstrap(tools: Tools, steps: Steps, signal: AbortSignal): Promise<void> {
  await withLocalCloud(
    tools,
    "main",
    signal,
    async (engine) => {
      const { step } = steps;
      await deploy(engine, steps, []);
      await step("a second pulumi up --refresh changes nothing", () =>
        mustChangeNothing(engine, "pulumi up --refresh", { refresh: true }),
      );
      const made = bootstrapOutputs(await engine.outputs());
      await runWorkflows(engine, tools, steps, made);
    },
    bootstrapProgram,
  );
}

import { z } from "zod";

import { type Built, builtBy } from "./clearBuilt";

const arnShape = z.object({ modelBuildPipelineArn: z.string() });

const configShape = z.object({
  "aws:profile": z.object({ value: z.string() }).optional(),
  "model-build-pipeline:posture": z.object({ value: z.string() }).prefault({ value: "prod" }),
});

/**
 * What to delete of a stack, and where.
 * @param outputs what `pulumi stack output --json` prints
 * @param config what `pulumi config --json` prints
 * @throws if the stack is no dev stack, or was not brought up
 */
export function clearTarget(
  outputs: unknown,
  config: unknown,
): { accountId: string; built: Built; profile?: string; region: string } {
  const { "aws:profile": profile, "model-build-pipeline:posture": posture } =
    configShape.parse(config);
  if (posture.value !== "dev") {
    throw new Error(
      `posture must be "dev" for anything to be deleted, got "${posture.value}": models of a prod stack are there to stay`,
    );
  }
  const made = arnShape.safeParse(outputs);
  if (!made.success) throw new Error("the stack has no outputs of this program: nothing to clear");
  const [, , , region = "", accountId = ""] = made.data.modelBuildPipelineArn.split(":");
  const where = { accountId, built: builtBy(outputs), region };
  return profile === undefined ? where : { ...where, profile: profile.value };
}

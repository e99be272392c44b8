import { z } from "zod";

import { defaults } from "../components/validation/defaults";
import { type Built, builtBy } from "./clearBuilt";

const arnShape = z.object({ modelBuildPipelineArn: z.string() });

const configShape = z.object({
  "model-build-pipeline:posture": z
    .object({ value: z.string() })
    .prefault({ value: defaults.posture }),
});

/**
 * Resources, account and region of a stack to clear.
 * @param outputs output of `pulumi stack output --json`
 * @param config output of `pulumi config --json`
 * @throws if the posture of the stack is not dev, or the stack is not deployed
 */
export function clearTarget(
  outputs: unknown,
  config: unknown,
): { accountId: string; built: Built; partition: string; region: string } {
  const { "model-build-pipeline:posture": posture } = configShape.parse(config);
  if (posture.value !== "dev") {
    throw new Error(
      `posture must be "dev" to delete models and endpoints, got "${posture.value}": ` +
        "a prod stack retains its model versions and endpoints",
    );
  }
  const parsed = arnShape.safeParse(outputs);
  if (!parsed.success)
    throw new Error(
      "the stack has no outputs of this program: it is not deployed, nothing to delete",
    );
  const [, partition = "", , region = "", accountId = ""] =
    parsed.data.modelBuildPipelineArn.split(":");
  return { accountId, built: builtBy(outputs), partition, region };
}

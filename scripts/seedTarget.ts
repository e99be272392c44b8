import { z } from "zod";

import type { Target } from "../components/seeding/seedRepository";
import type { Starter } from "../components/seeding/starter";
import { defaults } from "../components/validation/defaults";

const outputsShape = z.object({
  deployRepositoryName: z.string().optional(),
  modelBuildPipelineArn: z.string().regex(/^arn:[^:]+:codepipeline:[^:]+:\d{12}:./),
  sourceRepositoryName: z.string(),
});

const sourceShape = z.looseObject({
  codecommit: z
    .object({ branch: z.string().default(defaults.source.codecommit.branch) })
    .optional(),
});
const defaultSource = { codecommit: {} };

const configShape = z.object({
  "model-build-pipeline:source": z
    .object({ objectValue: sourceShape })
    .prefault({ objectValue: defaultSource }),
  "model-build-pipeline:deploy": z
    .object({ objectValue: z.looseObject({ source: sourceShape.prefault(defaultSource) }) })
    .prefault({ objectValue: {} }),
});

/**
 * Repository and branch for the first commit of a starter.
 * @param outputs output of `pulumi stack output --json`
 * @param config output of `pulumi config --json`
 * @throws if the stack has no repository to seed
 */
export function seedTarget(
  outputs: unknown,
  config: unknown,
  starter: Starter = "model-build",
): Target {
  const found = outputsShape.safeParse(outputs);
  if (!found.success)
    throw new Error("the stack has no outputs of this program: run pulumi up first");
  const { deployRepositoryName, modelBuildPipelineArn, sourceRepositoryName } = found.data;
  const repositoryName = starter === "model-build" ? sourceRepositoryName : deployRepositoryName;
  if (repositoryName === undefined)
    throw new Error(
      "the stack does not deploy models: set deploy.enabled to true and run pulumi up",
    );

  const parsed = configShape.parse(config);
  const { "model-build-pipeline:deploy": deploy } = parsed;
  const [key, source] =
    starter === "model-build"
      ? ["source", parsed["model-build-pipeline:source"].objectValue]
      : ["deploy.source", deploy.objectValue.source];
  if (source.codecommit === undefined)
    throw new Error(
      `only a repository that the stack created can be seeded: ${key} must be codecommit, ` +
        `for example {"codecommit":{}}; got ${Object.keys(source).join(", ")}`,
    );
  const [, , , region = "", accountId = ""] = modelBuildPipelineArn.split(":");
  return { accountId, branch: source.codecommit.branch, region, repositoryName };
}

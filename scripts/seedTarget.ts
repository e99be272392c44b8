import { z } from "zod";

import type { Target } from "../components/seeding/seedRepository";

const outputsShape = z.object({
  modelBuildPipelineArn: z.string().regex(/^arn:[^:]+:codepipeline:[^:]+:\d{12}:./),
  sourceRepositoryName: z.string(),
});

const configShape = z.object({
  "aws:profile": z.object({ value: z.string() }).optional(),
  "model-build-pipeline:source": z
    .object({
      objectValue: z.looseObject({
        codecommit: z.object({ branch: z.string().default("main") }).optional(),
      }),
    })
    .prefault({ objectValue: { codecommit: {} } }),
});

/**
 * Where the first commit of a stack belongs, and the profile that it is made with.
 * @param outputs what `pulumi stack output --json` prints
 * @param config what `pulumi config --json` prints
 * @throws if there is no repository to seed
 */
export function seedTarget(outputs: unknown, config: unknown): Target & { profile?: string } {
  const made = outputsShape.safeParse(outputs);
  if (!made.success)
    throw new Error("the stack has no outputs of this program: bring it up first, by pulumi up");

  const { "aws:profile": profile, "model-build-pipeline:source": source } =
    configShape.parse(config);
  const { codecommit } = source.objectValue;
  if (codecommit === undefined)
    throw new Error(
      'only a repository that the stack made is seeded: source must be codecommit, for example {"codecommit":{}}; ' +
        `got ${Object.keys(source.objectValue).join(", ")}`,
    );
  const { modelBuildPipelineArn, sourceRepositoryName: repositoryName } = made.data;
  const [, , , region = "", accountId = ""] = modelBuildPipelineArn.split(":");
  return {
    accountId,
    branch: codecommit.branch,
    region,
    repositoryName,
    ...(profile === undefined ? {} : { profile: profile.value }),
  };
}

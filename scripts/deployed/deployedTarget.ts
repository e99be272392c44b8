import { z } from "zod";

const outputsShape = z.object({
  modelBuildPipelineArn: z.string().regex(/^arn:[^:]+:codepipeline:[^:]+:\d{12}:./),
  prodEndpointName: z.string().optional(),
  stagingEndpointName: z.string().optional(),
});

const configShape = z.object({ "aws:profile": z.object({ value: z.string() }).optional() });

/** Which endpoints a stack deploys to, and how they are asked. */
export interface DeployedTarget {
  /** None if the stack deploys nothing. */
  readonly endpointNames: readonly string[];
  readonly profile?: string;
  readonly region: string;
}

/**
 * The endpoints of a stack.
 * @param outputs the stack's outputs as plain values
 * @param config the stack's config by its full keys
 * @throws if the stack was never brought up
 */
export function deployedTarget(outputs: unknown, config: unknown): DeployedTarget {
  const made = outputsShape.safeParse(outputs);
  if (!made.success)
    throw new Error("the stack has no outputs of this program: bring it up first, by pulumi up");
  const { "aws:profile": profile } = configShape.parse(config);
  const { modelBuildPipelineArn, prodEndpointName, stagingEndpointName } = made.data;
  const [, , , region = ""] = modelBuildPipelineArn.split(":");
  return {
    endpointNames: [stagingEndpointName, prodEndpointName].filter((name) => name !== undefined),
    ...(profile === undefined ? {} : { profile: profile.value }),
    region,
  };
}

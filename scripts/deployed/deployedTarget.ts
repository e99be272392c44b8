import { z } from "zod";

const outputsShape = z.object({
  modelBuildPipelineArn: z.string().regex(/^arn:[^:]+:codepipeline:[^:]+:\d{12}:./),
  prodEndpointName: z.string().optional(),
  stagingEndpointName: z.string().optional(),
});

const configShape = z.object({ "aws:profile": z.object({ value: z.string() }).optional() });

/** Endpoints of a stack, and the region and profile to describe them with. */
export interface DeployedTarget {
  /** Empty if the stack does not deploy models. */
  readonly endpointNames: readonly string[];
  readonly profile?: string;
  readonly region: string;
}

/**
 * Endpoints, region and profile of a stack.
 * @param outputs outputs of the stack, as plain values
 * @param config config of the stack, by full key
 * @throws if the stack is not deployed
 */
export function deployedTarget(outputs: unknown, config: unknown): DeployedTarget {
  const parsed = outputsShape.safeParse(outputs);
  if (!parsed.success)
    throw new Error("the stack has no outputs of this program: run pulumi up first");
  const { "aws:profile": profile } = configShape.parse(config);
  const { modelBuildPipelineArn, prodEndpointName, stagingEndpointName } = parsed.data;
  const [, , , region = ""] = modelBuildPipelineArn.split(":");
  return {
    endpointNames: [stagingEndpointName, prodEndpointName].filter((name) => name !== undefined),
    ...(profile === undefined ? {} : { profile: profile.value }),
    region,
  };
}

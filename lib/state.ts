import { z } from "zod";

const deploymentShape = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        id: z.string().default(""),
        custom: z.boolean().default(false),
        parent: z.string().default(""),
        protect: z.boolean().default(false),
        provider: z.string().default(""),
        retainOnDelete: z.boolean().default(false),
        inputs: z.record(z.string(), z.unknown()).default({}),
        outputs: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
});

/** A resource as the engine's state has it. */
export type StateResource = z.output<typeof deploymentShape>["resources"][number];

/** The resources of an exported deployment, in the state's order. */
export function resourcesOf(deployment: unknown): StateResource[] {
  return deploymentShape.parse(deployment).resources;
}

/** Whether the resource stands for something in AWS, rather than for a component, stack or provider. */
export function isInAws({ custom, type }: StateResource): boolean {
  return custom && !type.startsWith("pulumi:");
}

/** The last part of a URN: the name that the program gave. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

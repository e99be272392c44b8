import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { deploymentShape } from "./deployments";

const thresholdsShape = z.object({
  maximumErrors: z.number(),
  maximumLatencyMilliseconds: z.number(),
});

const scalingShape = z.object({
  invocationsPerInstance: z.number(),
  maximum: z.number(),
  minimum: z.number(),
});

const canaryShape = z.object({ minutes: z.number(), percent: z.number() });

/** What a group holds, or nothing if the group is empty. */
const orNone = <T extends z.ZodType>(shape: T) =>
  z.union([shape, z.strictObject({}).transform(() => undefined)]).optional();

/** How the config of the program is written. */
const settingsShape = z.object({
  endpointName: z.string(),
  projectName: z.string(),
  projectId: z.string(),
  /** Newest first: what is to run, and what runs now. */
  deployments: z.tuple([deploymentShape]).rest(deploymentShape),
  isRunning: z.boolean(),
  thresholds: thresholdsShape,
  canary: orNone(canaryShape),
  autoscaling: orNone(scalingShape),
});

/** All that the program is told. */
export type Settings = z.output<typeof settingsShape>;

/** The settings of the stack that is run; deploy.ts checked them before it wrote them. */
export function loadSettings(): Settings {
  const config = new pulumi.Config("model-endpoint");
  const object = (key: string) => config.getObject<unknown>(key);
  return settingsShape.parse({
    endpointName: config.get("endpointName"),
    projectName: config.get("projectName"),
    projectId: config.get("projectId"),
    deployments: object("deployments"),
    isRunning: config.getBoolean("isRunning"),
    thresholds: object("thresholds"),
    canary: object("canary"),
    autoscaling: object("autoscaling"),
  });
}

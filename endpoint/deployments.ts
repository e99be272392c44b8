import { createHash } from "node:crypto";

import { z } from "zod";

const captureShape = z.object({
  destination: z.string(),
  keyArn: z.string(),
  samplingPercentage: z.number(),
});

const networkShape = z.object({
  securityGroupIds: z.array(z.string()),
  subnetIds: z.array(z.string()),
});

/** How a deployment is written down, in config and elsewhere. */
export const deploymentShape = z.object({
  name: z.string(),
  modelPackageArn: z.string(),
  modelVersion: z.number(),
  earlierVersions: z.array(z.number()),
  settings: z.string(),
  instanceType: z.string(),
  instanceCount: z.number(),
  executionRoleArn: z.string(),
  volumeKeyArn: z.string().optional(),
  capture: captureShape.optional(),
  network: networkShape.optional(),
});

/** A model version as one endpoint runs it: all that shapes its Model and its EndpointConfiguration, which have its name. */
export type Deployment = z.output<typeof deploymentShape>;

/** What shapes a deployment, beside what it is called and what it remembers. */
type Shape = Omit<Deployment, "earlierVersions" | "name" | "settings">;

/** More would not fit into a tag; nobody goes back further. */
const REMEMBERED = 20;

/** A deployment's name says endpoint and version; its hash, that nothing that shapes it differs from another of the same name. */
export function deploymentName(endpointName: string, shape: Shape): string {
  return `${endpointName}-${String(shape.modelVersion)}-${shortHash(shape)}`;
}

/** Eight hex digits of anything that JSON can say; keys may come in any order. */
export function shortHash(value: object): string {
  const sorted = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash("sha256").update(sorted).digest("hex").slice(0, 8);
}

/** What an endpoint ran before it runs `next`, newest first, each once. */
export function historyOf(
  next: number,
  running:
    { readonly earlierVersions: readonly number[]; readonly modelVersion: number } | undefined,
): number[] {
  if (running === undefined) return [];
  const all = [running.modelVersion, ...running.earlierVersions];
  return [...new Set(all)].filter((version) => version !== next).slice(0, REMEMBERED);
}

/** A deployment's own words on its Model and EndpointConfiguration: what runs is read from there. */
export function tagsOf({
  earlierVersions,
  modelPackageArn,
  modelVersion,
  settings,
}: Deployment): Record<string, string> {
  return {
    ...(earlierVersions.length === 0 ? {} : { EarlierVersions: earlierVersions.join(" ") }),
    ModelPackageArn: modelPackageArn,
    ModelVersion: String(modelVersion),
    Settings: settings,
  };
}

const tagsShape = z.object({
  EarlierVersions: z.string().default(""),
  ModelPackageArn: z.string(),
  ModelVersion: z.string().regex(/^\d+$/),
  Settings: z.string().default(""),
});

/** What the tags of an EndpointConfiguration say, or undefined if they are not this program's. */
export function fromTags(
  tags: unknown,
):
  | Pick<Deployment, "earlierVersions" | "modelPackageArn" | "modelVersion" | "settings">
  | undefined {
  const { data } = tagsShape.safeParse(tags);
  if (data === undefined) return undefined;
  const { EarlierVersions, ModelPackageArn, ModelVersion, Settings } = data;
  return {
    earlierVersions: (EarlierVersions.match(/\d+/g) ?? []).map(Number),
    modelPackageArn: ModelPackageArn,
    modelVersion: Number(ModelVersion),
    settings: Settings,
  };
}

/**
 * Whether instances of this type keep data on disks of their own, which a hardware module encrypts: a key of ours does not reach
 * them, and AWS has refused one for such types.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  const family = instanceType.split(".")[1] ?? "";
  return /^[a-z]+\d+[a-z]*d[a-z]*$|^(g[5-9]|gr\d|i\d|p[4-9]|trn\d)/.test(family);
}

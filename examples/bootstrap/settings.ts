import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { bucketName, projectWord } from "../../components/checks/limits";
import { describe, refusal } from "../../components/checks/problems";
import { sentence } from "../../components/checks/rules";

const word = (example: string) =>
  z
    .string()
    .regex(projectWord, sentence("must be lower-case letters, digits and single hyphens", example));
const number = (example: string) =>
  z.string().regex(/^[1-9]\d*$/, sentence("must be GitHub's number, in quotes", example));

const shape = z.strictObject({
  projectName: word("churn"),
  stacks: z.array(word("dev")).min(1),
  repository: z
    .string()
    .regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, sentence("must be owner and name", "acme/churn")),
  ownerId: number("1234567"),
  repositoryId: number("987654321"),
  dataBuckets: z
    .array(z.string().regex(bucketName, sentence("must be the name of a bucket", "churn-data")))
    // The 6,144 characters of a boundary hold few: of the longest names, one.
    .max(4, sentence("must be a list of at most 4 buckets", ["churn-data"])),
});

/** For which project and which repository at GitHub everything is prepared. */
export type Settings = z.output<typeof shape>;

/**
 * Reads the stack's config.
 * @throws RunError with every problem at once
 */
export function loadSettings(): Settings {
  const config = new pulumi.Config();
  const given = {
    projectName: config.get("projectName"),
    stacks: config.getObject("stacks") ?? ["dev", "prod"],
    repository: config.get("repository"),
    ownerId: config.get("ownerId"),
    repositoryId: config.get("repositoryId"),
    dataBuckets: config.getObject("dataBuckets") ?? [],
  };
  const { data, error } = shape.safeParse(given);
  if (data !== undefined) return data;
  throw refusal(`Pulumi.${pulumi.getStack()}.yaml`, describe(given, error.issues));
}

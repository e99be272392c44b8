import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import {
  administratorArn,
  bucketName,
  namePrefix,
  projectWord,
} from "../components/validation/patterns";
import { problemsOf, validationError } from "../components/validation/errors";
import { ruleText } from "../components/validation/fields";
import { defaults } from "../components/validation/defaults";

const projectNameField = (example: string) =>
  z
    .string()
    .regex(projectWord, ruleText("must be lower-case letters, digits and single hyphens", example));
const gitHubId = (example: string) =>
  z.string().regex(/^[1-9]\d*$/, ruleText("must be GitHub's number, in quotes", example));

const exampleAdministrator = "arn:aws:iam::123456789012:role/administrator";

const shape = z.strictObject({
  namePrefix: z
    .string()
    .regex(
      namePrefix,
      ruleText("must be 1 to 12 lower-case letters and digits", defaults.namePrefix),
    ),
  projectName: projectNameField("churn"),
  stacks: z.array(projectNameField("dev")).min(1),
  repository: z
    .string()
    .regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, ruleText("must be owner and name", "acme/churn")),
  ownerId: gitHubId("1234567"),
  repositoryId: gitHubId("987654321"),
  // Administrators must be named: the key policies deny use to other principals.
  administratorArns: z
    .array(
      z
        .string()
        .regex(
          administratorArn,
          ruleText("must be the ARN of an IAM role or user", exampleAdministrator),
        ),
    )
    .min(1),
  dataBuckets: z
    .array(z.string().regex(bucketName, ruleText("must be the name of a bucket", "churn-data")))
    // A boundary has at most 6,144 characters: enough for one bucket with the longest name.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    .max(4, ruleText("must be a list of at most 4 buckets", ["churn-data"])),
});

/** Settings of the bootstrap: project, stacks and GitHub repository. */
export type Settings = z.output<typeof shape>;

/**
 * Reads and validates the stack config.
 * @throws RunError with all problems
 */
export function loadSettings(): Settings {
  const config = new pulumi.Config();
  const input = {
    namePrefix: config.get("namePrefix") ?? defaults.namePrefix,
    projectName: config.get("projectName"),
    stacks: config.getObject("stacks") ?? ["dev", "prod"],
    repository: config.get("repository"),
    ownerId: config.get("ownerId"),
    repositoryId: config.get("repositoryId"),
    administratorArns: config.getObject("administratorArns"),
    dataBuckets: config.getObject("dataBuckets") ?? [],
  };
  const { data, error } = shape.safeParse(input);
  if (data !== undefined) return data;
  throw validationError(`Pulumi.${pulumi.getStack()}.yaml`, problemsOf(input, error.issues));
}

import { z } from "zod";

import type { Access } from "../components/seeding/credentials";

const texts = z.array(z.string());
const role = z.object({
  roleArn: z.string(),
  externalId: z.string().optional(),
  policy: z.string().optional(),
  policyArns: texts.optional(),
  sessionName: z.string().optional(),
  sourceIdentity: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  transitiveTagKeys: texts.optional(),
});

const configShape = z.object({
  "aws:profile": z.object({ value: z.string() }).optional(),
  "aws:assumeRoles": z.object({ value: z.string() }).optional(),
});

/**
 * Settings of the AWS provider that decide on the credentials.
 * @param config output of `pulumi config --json`
 */
export function accessIn(config: unknown): Access {
  const { "aws:assumeRoles": roles, "aws:profile": profile } = configShape.parse(config);
  return {
    ...(profile === undefined ? {} : { profile: profile.value }),
    ...(roles === undefined ? {} : { assumeRoles: z.array(role).parse(JSON.parse(roles.value)) }),
  };
}

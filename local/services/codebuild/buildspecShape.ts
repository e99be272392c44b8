import { z } from "zod";

/*
 * Keys of a buildspec that AWS knows; all values are texts, as CodeBuild reads `3.10` or `yes`.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */

const text = z.string();
const texts = z.record(text, text);
const list = z.array(text);
const anything = z.unknown().optional();

/** A list of commands, or one command. */
const commands = z
  .union([text, list], { error: "must be a list of texts, or one text" })
  .nullish()
  .transform((given) => (typeof given === "string" ? [given] : (given ?? [])));

const phase = z
  .strictObject({
    "on-failure": text
      .regex(/^(ABORT|CONTINUE|RETRY(-.+)?)$/, "must be ABORT, CONTINUE or RETRY")
      .optional(),
    "run-as": text.optional(),
    "runtime-versions": texts.nullish(),
    commands,
    finally: commands,
  })
  .optional();

const report = z.strictObject({
  "base-directory": anything,
  "discard-paths": anything,
  "file-format": text.optional(),
  files: list,
});

export const buildspecShape = z.strictObject({
  version: z.literal("0.2", { error: "the local cloud runs version 0.2" }),
  "run-as": text.optional(),
  env: z
    .strictObject({
      "exported-variables": z.array(text.regex(/^[A-Za-z_]\w*$/)).default([]),
      "git-credential-helper": text.optional(),
      "parameter-store": texts.nullish(),
      "secrets-manager": texts.nullish(),
      shell: z.enum(["bash", "sh", "/bin/sh", "/bin/bash"]).optional(),
      variables: z
        .record(
          text,
          text.nullable().transform((value) => value ?? ""),
        )
        .nullish(),
    })
    .nullish(),
  proxy: z.strictObject({ logs: text.optional(), "upload-artifacts": text.optional() }).optional(),
  batch: z.record(text, z.unknown()).optional(),
  phases: z.strictObject({ install: phase, pre_build: phase, build: phase, post_build: phase }),
  reports: z.record(text, report).nullish(),
  // Read where a project has output artifacts; without them CodeBuild ignores it.
  artifacts: anything,
  cache: z
    .strictObject({
      action: text.optional(),
      "fallback-keys": list.optional(),
      key: text.optional(),
      paths: list.optional(),
    })
    .optional(),
});

export type BuildspecFile = z.output<typeof buildspecShape>;

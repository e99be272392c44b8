import { parse } from "yaml";
import { z } from "zod";

const phaseNames = ["install", "pre_build", "build", "post_build"] as const;

const phase = z.strictObject({
  "on-failure": z.enum(["ABORT", "CONTINUE"]).optional(),
  "runtime-versions": z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  commands: z.array(z.string()).default([]),
  finally: z.array(z.string()).default([]),
});

const buildspecShape = z.strictObject({
  version: z.union([z.literal(0.2), z.literal("0.2")]),
  env: z
    .strictObject({
      "exported-variables": z.array(z.string().regex(/^[A-Za-z_]\w*$/)).default([]),
      shell: z.enum(["bash", "sh"]).optional(),
      variables: z.record(z.string(), z.coerce.string()).optional(),
    })
    .prefault({}),
  phases: z.strictObject({
    install: phase.optional(),
    pre_build: phase.optional(),
    build: phase.optional(),
    post_build: phase.optional(),
  }),
  // Without output artifacts CodeBuild ignores the first, and without a cache the second: no project has one.
  artifacts: z.unknown().optional(),
  cache: z.unknown().optional(),
});

/** One phase of a build. */
interface Phase {
  readonly name: string;
  readonly commands: readonly string[];
  /** Run after the commands, whether they failed or not. */
  readonly finally: readonly string[];
  /** Whether the build goes on to the next phase after a failure. */
  readonly goesOn: boolean;
}

/** What a buildspec asks of CodeBuild. */
export interface Buildspec {
  /** As it stands there, for who makes output artifacts. */
  readonly artifacts: unknown;
  /** Variables whose values at the end are the build's output. */
  readonly exported: readonly string[];
  readonly phases: readonly Phase[];
  /** Runtimes of the image that it picks, such as `python: "3.12"`. */
  readonly runtimes: Readonly<Record<string, string>>;
  readonly shell: "bash" | "sh";
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Reads a buildspec as CodeBuild does (version 0.2).
 * @throws Error naming every key of which the end-to-end run makes nothing, rather than leaving it out
 */
export function readBuildspec(text: string, name: string): Buildspec {
  const found = buildspecShape.safeParse(parse(text));
  if (!found.success) {
    throw new Error(
      `${name}: the local cloud cannot run this buildspec:\n${z.prettifyError(found.error)}`,
    );
  }
  const { artifacts, env, phases } = found.data;
  const runtimes = Object.entries(phases.install?.["runtime-versions"] ?? {});
  return {
    artifacts,
    exported: env["exported-variables"],
    phases: phaseNames.flatMap((one) => {
      const given = phases[one];
      if (given === undefined) return [];
      // CodeBuild runs post_build after a build that failed, but no further phase after another failure.
      const goesOn = given["on-failure"] === "CONTINUE" || (one === "build" && !isAborting(given));
      return [{ name: one, commands: given.commands, finally: given.finally, goesOn }];
    }),
    runtimes: Object.fromEntries(runtimes.map(([runtime, version]) => [runtime, String(version)])),
    shell: env.shell ?? "sh",
    variables: env.variables ?? {},
  };
}

function isAborting(given: z.output<typeof phase>): boolean {
  return given["on-failure"] === "ABORT";
}

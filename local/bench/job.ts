import { z } from "zod";

const jobShape = z.object({
  /** A cold preview of the program or of an empty one, or the program's longest chain. */
  what: z.enum(["empty", "program", "chain"]),
  stackName: z.string(),
  endpoint: z.string(),
  scratch: z.string(),
});

/** What a child process of the benchmark is to do, and where. */
export type Job = z.output<typeof jobShape>;

/** The arguments that tell a child its job. */
export function argsFor(job: Job): string[] {
  return [JSON.stringify(job)];
}

/** The job that `args` tell. */
export function childArgs([text = "{}"]: string[]): Job {
  return jobShape.parse(JSON.parse(text));
}

/** What a preview cost. */
export const costShape = z.object({ seconds: z.number(), megabytes: z.number() });

/** The longest chain, by name. */
export const chainShape = z.object({ chain: z.array(z.string()) });

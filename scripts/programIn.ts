import { join } from "node:path";

import { z } from "zod";

/** A Pulumi program: makes resources and returns the outputs. */
export type Program = () => Promise<Record<string, unknown>>;

const programShape = z.custom<Program>(
  (value) => typeof value === "function",
  "index.ts must export a function that returns the outputs",
);

/** A folder's own program, loaded on its first run: a preview is then measured with the time that loading takes. */
export function programIn(folder: string): Program {
  return async () => {
    const module: unknown = await import(join(folder, "index"));
    const exported = z.object({ default: programShape }).safeParse(module);
    return programShape.parse(exported.success ? exported.data.default : module)();
  };
}

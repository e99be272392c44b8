import { join } from "node:path";

import { z } from "zod";

/** A Pulumi program: creates resources and returns the outputs. */
export type Program = () => Promise<Record<string, unknown>>;

const programShape = z.custom<Program>(
  (value) => typeof value === "function",
  "index.ts must export a function that returns the outputs",
);

/** Program of a folder, loaded on its first run: the duration of a preview includes the loading. */
export function programIn(folder: string): Program {
  return async () => {
    const module: unknown = await import(join(folder, "index"));
    const exported = z.object({ default: programShape }).safeParse(module);
    return programShape.parse(exported.success ? exported.data.default : module)();
  };
}

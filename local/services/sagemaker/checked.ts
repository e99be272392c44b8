import { z } from "zod";

import type { Json } from "./json";

/** A step's arguments in the shape of a request; throws, with every place, for what this machine cannot simulate. */
export function checked<T>(shape: z.ZodType<T>, args: Json): T {
  const read = shape.safeParse(args);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ message, path }) =>
    [path.join("."), message].filter((part) => part !== "").join(": "),
  );
  throw new Error(`the local cloud does not simulate these arguments: ${lines.join("; ")}`);
}

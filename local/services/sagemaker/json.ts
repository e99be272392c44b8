import { z } from "zod";

/** Anything that JSON can say. */
export const json = z.json();
export type Json = z.infer<typeof json>;

/** What an API answered, as a definition can ask for it: moments are texts, and missing values are left out. */
export function asJson(answer: object): Json {
  return json.parse(JSON.parse(JSON.stringify(answer)));
}

/** The members of a JSON object; undefined for anything else. */
export function membersOf(value: Json | undefined): Readonly<Record<string, Json>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** A step's arguments in the shape of a request; throws, with every place, for what this machine cannot simulate. */
export function checked<T>(shape: z.ZodType<T>, args: Json): T {
  const read = shape.safeParse(args);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ message, path }) =>
    [path.join("."), message].filter((part) => part !== "").join(": "),
  );
  throw new Error(`the local cloud does not simulate these arguments: ${lines.join("; ")}`);
}

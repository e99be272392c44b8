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

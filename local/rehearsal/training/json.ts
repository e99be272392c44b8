import { z } from "zod";

/** Anything that JSON can say. */
export const json = z.json();
export type Json = z.infer<typeof json>;

/** The members of a JSON object; undefined for anything else. */
export function membersOf(value: Json | undefined): Readonly<Record<string, Json>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

import { z } from "zod";

import type { Handler } from "./handler";
import { tagsOf } from "./tags";
import type { Tags } from "./tags";
import { containsUnknown, sameDocument, sameValue } from "./values";
import type { Properties } from "./values";

/** An input whose two sides differ: what the program says, and what AWS or the state has. */
export interface Difference {
  readonly input: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/**
 * Every mapped input in which `found` (in the shape of the inputs) differs from what the program
 * wants. An absent input stands for AWS's default; an unknown one always differs.
 */
export function differences(
  handler: Handler,
  program: Properties,
  found: Properties,
  defaultTags: Readonly<Tags>,
): Difference[] {
  return Object.keys(handler.inputs.shape).flatMap((input) => {
    const given = program[input];
    if (containsUnknown(given)) return [{ input, wanted: given, found: found[input] }];
    if (given === undefined && handler.computed.includes(input)) return [];
    if (input === "tags") return tagDifference(program, found, defaultTags);
    const wanted = withDefault(handler, input, given);
    const same = isDocument(handler, input) ? sameDocument : sameValue;
    return same(wanted, found[input]) ? [] : [{ input, wanted, found: found[input] }];
  });
}

/** The input with defaults filled in; as given if it does not fit the schema. */
export function withDefault(handler: Handler, input: string, given: unknown): unknown {
  const schema = handler.inputs.shape[input];
  const parsed = schema && z.safeParse(schema, given);
  return parsed?.success === true ? parsed.data : given;
}

function tagDifference(
  program: Properties,
  found: Properties,
  defaultTags: Readonly<Tags>,
): Difference[] {
  const wanted = { ...defaultTags, ...tagsOf(program, "tags") };
  const all = tagsOf(found, "tagsAll");
  return sameValue(wanted, all) ? [] : [{ input: "tags", wanted, found: all }];
}

function isDocument(handler: Handler, input: string): boolean {
  return handler.policies.includes(input) || handler.jsonText.includes(input);
}

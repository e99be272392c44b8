import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { contract, contractVersion } from "../components/outputs/contract";

const root = join(__dirname, "..");

/** The reviewed contract. */
export const contractFile = join(root, "docs", "outputs.json");

const output = z.strictObject({
  type: z.string(),
  optional: z.boolean(),
  since: z.string(),
  description: z.string(),
});
const shape = z.strictObject({
  contractVersion: z.number(),
  outputs: z.record(z.string(), output),
});

/** Contract version, and the name, type and description of each output. */
export type OutputsContract = z.output<typeof shape>;

/** Reads the reviewed contract. */
export function reviewedContract(): OutputsContract {
  return shape.parse(JSON.parse(readFileSync(contractFile, "utf8")));
}

/** Reads the contract from the code. */
export function contractInCode(): OutputsContract {
  return shape.parse({ contractVersion, outputs: contract });
}

/** Changes that break readers of the outputs and do not come with the next contract version. */
export function breakingChanges(before: OutputsContract, after: OutputsContract): string[] {
  if (after.contractVersion === before.contractVersion + 1) return [];
  if (after.contractVersion !== before.contractVersion)
    return [
      `contractVersion must be ${String(before.contractVersion)} or one more; got ${String(after.contractVersion)}`,
    ];
  return Object.entries(before.outputs).flatMap(([name, was]) => {
    const is = after.outputs[name];
    if (is === undefined) return [`output ${name} was removed`];
    return [
      ...(is.type === was.type
        ? []
        : [`output ${name} changed its type from ${was.type} to ${is.type}`]),
      ...(is.optional && !was.optional ? [`output ${name} became optional`] : []),
      ...(is.since === was.since
        ? []
        : [`output ${name} changed "since" from ${was.since} to ${is.since}`]),
    ];
  });
}

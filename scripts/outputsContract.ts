import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { contract, contractVersion } from "../components/outputs/contract";

const root = join(__dirname, "..");

/** The contract as it was last reviewed. */
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

/** Version, names, types and words of the outputs. */
export type OutputsContract = z.output<typeof shape>;

/** The contract that was reviewed. */
export function reviewedContract(): OutputsContract {
  return shape.parse(JSON.parse(readFileSync(contractFile, "utf8")));
}

/** The contract as the code has it: what each output is, is said by the comment before it. */
export function contractInCode(): OutputsContract {
  const code = readFileSync(join(root, "components", "outputs", "contract.ts"), "utf8");
  const comments = code.matchAll(/\/\*\* (.+) \*\/\n {2}readonly (\w+)\??: /g);
  const descriptions = new Map([...comments].map(([, words = "", name = ""]) => [name, words]));
  const outputs = Object.entries(contract).map(([name, { optional = false, since, type }]) => {
    const description = descriptions.get(name);
    if (description === undefined) throw new Error(`output ${name} has no comment of one line`);
    return [name, { type, optional, since, description }] as const;
  });
  return { contractVersion, outputs: Object.fromEntries(outputs) };
}

/** What would break those who read the outputs, though the contract's version tells them of no change. */
export function breaches(before: OutputsContract, after: OutputsContract): string[] {
  if (after.contractVersion === before.contractVersion + 1) return [];
  if (after.contractVersion !== before.contractVersion)
    return [
      `contractVersion must be ${String(before.contractVersion)} or one more; got ${String(after.contractVersion)}`,
    ];
  return Object.entries(before.outputs).flatMap(([name, was]) => {
    const is = after.outputs[name];
    if (is === undefined) return [`output ${name} is gone`];
    return [
      ...(is.type === was.type ? [] : [`output ${name} was a ${was.type} and is a ${is.type}`]),
      ...(is.optional && !was.optional ? [`output ${name} is no longer in every stack`] : []),
      ...(is.since === was.since
        ? []
        : [`output ${name} was there since ${was.since}, not ${is.since}`]),
    ];
  });
}

import { existsSync } from "node:fs";

import { command, noArguments } from "./command";
import { breakingChanges, contractFile, contractInCode, reviewedContract } from "./outputsContract";
import { writeFormatted } from "./writeFormatted";

void command({
  name: "npm run outputs",
  help: `npm run outputs

Writes the contract of the stack outputs from the code to docs/outputs.json. Rejects breaking
changes.

Exit codes: 0 written; 1 breaking change; 2 invalid command line`,
  read: noArguments,
  work: async () => ((await writeContract()) ? 0 : 1),
});

async function writeContract(): Promise<boolean> {
  const contract = contractInCode();
  const changes = existsSync(contractFile) ? breakingChanges(reviewedContract(), contract) : [];
  if (changes.length === 0) {
    await writeFormatted(contractFile, contract);
    return true;
  }
  const next =
    "Breaking changes for programs that read these outputs. Next: undo them, or increase " +
    "contractVersion in components/outputs/contract.ts by one.";
  console.error([...changes, next].join("\n"));
  return false;
}

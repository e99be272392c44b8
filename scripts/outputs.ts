import { existsSync } from "node:fs";

import { command, noArguments } from "./command";
import { breaches, contractFile, contractInCode, reviewedContract } from "./outputsContract";
import { writeFormatted } from "./writeFormatted";

void command({
  name: "npm run outputs",
  help: `npm run outputs

Writes the outputs that the code promises into docs/outputs.json; refuses what would break those who read them.

Exit codes: 0 written; 1 refused; 2 the command line was wrong`,
  read: noArguments,
  work: async () => ((await writeContract()) ? 0 : 1),
});

async function writeContract(): Promise<boolean> {
  const contract = contractInCode();
  const broken = existsSync(contractFile) ? breaches(reviewedContract(), contract) : [];
  if (broken.length === 0) {
    await writeFormatted(contractFile, contract);
    return true;
  }
  const why = "Others read these outputs. Raise contractVersion in components/outputs/contract.ts";
  console.error([...broken, `${why} if this is meant.`].join("\n"));
  return false;
}

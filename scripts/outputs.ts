import { existsSync, writeFileSync } from "node:fs";

import { breaches, contractFile, contractInCode, reviewedContract } from "./outputsContract";

const contract = contractInCode();
const broken = existsSync(contractFile) ? breaches(reviewedContract(), contract) : [];
if (broken.length === 0) writeFileSync(contractFile, `${JSON.stringify(contract, null, 2)}\n`);
else {
  const why = "Others read these outputs. Raise contractVersion in components/outputs/contract.ts";
  console.error([...broken, `${why} if this is meant.`].join("\n"));
  process.exitCode = 1;
}

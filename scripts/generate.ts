import { writeFileSync } from "node:fs";

import { command, noArguments } from "./command";
import { breakingChanges, contractFile, contractInCode, reviewedContract } from "./outputsContract";
import { writeFormatted } from "./writeFormatted";

void command({
  name: "npm run generate",
  help: `npm run generate

Writes the generated files from the code:
  docs/configuration.md   every key of a stack config
  docs/outputs.json       contract of the stack outputs
  components/schema.json  inputs and outputs of the components, as pulumi package add derives them
Tests compare these files with the code.

Exit codes: 0 written; 1 a breaking change of the outputs, or a type that a package does not support;
2 invalid command line`,
  read: noArguments,
  work: async () => {
    // Loaded late: the help needs neither the TypeScript compiler nor the components.
    const { components, schemaFile, schemaOf } = await import("./componentSchema");
    const { configurationFile, configurationPage } =
      await import("./configuration/configurationPage");
    await writeContract();
    writeFileSync(configurationFile, await configurationPage());
    await writeFormatted(schemaFile, schemaOf(components));
    return 0;
  },
});

async function writeContract(): Promise<void> {
  const contract = contractInCode();
  const changes = breakingChanges(reviewedContract(), contract);
  const next =
    "Breaking changes for programs that read these outputs. Next: undo them, or increase " +
    "contractVersion in components/outputs/contract.ts by one.";
  if (changes.length > 0) throw new Error([...changes, next].join("\n"));
  await writeFormatted(contractFile, contract);
}

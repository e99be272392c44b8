import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { command, noArguments } from "./command";
import { embedDiagram } from "./diagram/embedDiagram";
import { breakingChanges, contractFile, contractInCode, reviewedContract } from "./outputsContract";
import { writeFormatted } from "./writeFormatted";

void command({
  name: "npm run generate",
  help: `npm run generate

Writes the generated files from the code:
  docs/configuration.md   every key of a stack config
  docs/outputs.json       contract of the stack outputs
  components/schema.json  inputs and outputs of the components, as pulumi package add derives them
  README.md               architecture diagram, between its two markers, from the resources that the
                          program registers with default settings
Tests compare these files with the code.

Exit codes: 0 written; 1 a breaking change of the outputs, a type that a package does not support,
or a resource without a box in the diagram; 2 invalid command line`,
  read: noArguments,
  work: async () => {
    // Loaded late: the help needs neither the TypeScript compiler nor the program.
    const { components, schemaFile, schemaOf } = await import("./componentSchema");
    const { mermaid } = await import("./diagram/mermaid");
    const { configurationFile, configurationPage } =
      await import("./configuration/configurationPage");
    await writeContract();
    writeFileSync(configurationFile, await configurationPage());
    await writeFormatted(schemaFile, schemaOf(components));
    const readme = join(__dirname, "..", "README.md");
    writeFileSync(readme, embedDiagram(readFileSync(readme, "utf8"), await mermaid()));
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

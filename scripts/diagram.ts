import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { command, noArguments } from "./command";
import { embedDiagram } from "./diagram/embedDiagram";
import { mermaid } from "./diagram/mermaid";

void command({
  name: "npm run diagram",
  help: `npm run diagram

Writes the architecture diagram of README.md, between its two markers, from the resources that the
program registers with default settings.

Exit codes: 0 written; 1 a resource has no box or a reference no label; 2 invalid command line`,
  read: noArguments,
  work: async () => {
    const readme = join(__dirname, "..", "README.md");
    writeFileSync(readme, embedDiagram(readFileSync(readme, "utf8"), await mermaid()));
    return 0;
  },
});

import { readFileSync } from "node:fs";

import { importFile } from "./importFile";

// Reads what `pulumi stack export` wrote, prints what `pulumi import --file` reads.
const [file, ...others] = process.argv.slice(2);
if (file === undefined || others.length > 0) {
  console.error("usage: imports.ts FILE, where `pulumi stack export --file FILE` made the file");
  process.exitCode = 2;
} else {
  const { resources } = importFile(JSON.parse(readFileSync(file, "utf8")));
  const entries = resources.map((entry) => `    ${JSON.stringify(entry)}`);
  console.log(`{\n  "resources": [\n${entries.join(",\n")}\n  ]\n}`);
}

import { readFileSync } from "node:fs";

import { importFile } from "./importFile";

// Reads a file of `pulumi stack export` and prints a file for `pulumi import --file`.
const [file, ...others] = process.argv.slice(2);
if (file === undefined || others.length > 0) {
  console.error("usage: imports.ts FILE, with FILE written by `pulumi stack export --file FILE`");
  process.exitCode = 2;
} else {
  const { resources } = importFile(JSON.parse(readFileSync(file, "utf8")));
  const entries = resources.map((entry) => `    ${JSON.stringify(entry)}`);
  console.log(`{\n  "resources": [\n${entries.join(",\n")}\n  ]\n}`);
}

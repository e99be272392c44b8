import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { gitHubFrom } from "./github/github";
import { syncIssue } from "./github/sync";

void command({
  name: "npm run issue",
  help: `npm run issue -- --key KEY --title TITLE --file FILE

Opens one issue per key with the text of FILE, or updates the open issue. Closes it if FILE does
not exist.

Needs the variables of a GitHub workflow GITHUB_REPOSITORY and GITHUB_API_URL, and GITHUB_TOKEN
with write access to issues.

Exit codes: 0 done; 1 failed; 2 invalid command line`,
  read: (args) => {
    const options = {
      file: { type: "string" },
      key: { type: "string" },
      title: { type: "string" },
    } as const;
    const { file, key, title } = parseArgs({ args, options }).values;
    if (file === undefined) throw new Error("--file must name a file, for example drift.md");
    if (key === undefined) throw new Error("--key must be a word, for example drift");
    if (title === undefined)
      throw new Error('--title must be a text, for example "Drift detected"');
    return { body: existsSync(file) ? readFileSync(file, "utf8") : undefined, key, title };
  },
  work: async (issue) => {
    console.log(`issue: ${await syncIssue(gitHubFrom(process.env), issue)}`);
    return 0;
  },
});

import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { gitHubFrom } from "./github/github";
import { keepIssue } from "./github/keep";

void command({
  name: "npm run issue",
  help: `npm run issue -- --key KEY --title TITLE --file FILE

Keeps one open issue per key: opens it, or edits the one that is open, to say what FILE says; closes it if there is no
FILE.

Needs, as in every workflow, GITHUB_REPOSITORY and GITHUB_API_URL; and GITHUB_TOKEN, which may write issues.

Exit codes: 0 done; 1 it failed; 2 the command line was wrong`,
  read: (args) => {
    const options = {
      file: { type: "string" },
      key: { type: "string" },
      title: { type: "string" },
    } as const;
    const { file, key, title } = parseArgs({ args, options }).values;
    if (file === undefined) throw new Error("--file must name a file, for example drift.md");
    if (key === undefined) throw new Error("--key must be a word, for example drift");
    if (title === undefined) throw new Error('--title must be a text, for example "Drift"');
    return { body: existsSync(file) ? readFileSync(file, "utf8") : undefined, key, title };
  },
  work: async (issue) => {
    console.log(`issue ${await keepIssue(gitHubFrom(process.env), issue)}`);
    return 0;
  },
});

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { gitHubFrom } from "./github/github";
import { keepComment } from "./github/keep";

void command({
  name: "npm run comment",
  help: `npm run comment -- --pull-request NUMBER --key KEY --file FILE

Keeps one comment per key on a pull request: makes it, or edits the one that an earlier run made.

Needs, as in every workflow, GITHUB_REPOSITORY and GITHUB_API_URL; and GITHUB_TOKEN, which may write pull requests.

Exit codes: 0 the comment says what FILE says; 1 it failed; 2 the command line was wrong`,
  read: (args) => {
    const options = {
      file: { type: "string" },
      key: { type: "string" },
      "pull-request": { type: "string" },
    } as const;
    const { values } = parseArgs({ args, options });
    const { file, key, "pull-request": number = "" } = values;
    if (!/^[1-9]\d*$/.test(number)) {
      throw new Error(`--pull-request must be a number, for example 12, got "${number}"`);
    }
    if (file === undefined) throw new Error("--file must name a file, for example comment.md");
    if (key === undefined) throw new Error("--key must be a word, for example preview-dev");
    return { body: readFileSync(file, "utf8"), key, pullRequest: Number(number) };
  },
  work: async (comment) => {
    console.log(`comment ${await keepComment(gitHubFrom(process.env), comment)}`);
    return 0;
  },
});

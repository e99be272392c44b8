import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { gitHubFrom } from "./github/github";
import { syncComment } from "./github/sync";

void command({
  name: "npm run comment",
  help: `npm run comment -- --pull-request NUMBER --key KEY --file FILE

Creates one comment per key on a pull request, or updates the comment of an earlier run.

Needs the variables of a GitHub workflow GITHUB_REPOSITORY and GITHUB_API_URL, and GITHUB_TOKEN
with write access to pull requests.

Exit codes: 0 the comment has the text of FILE; 1 failed; 2 invalid command line`,
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
    return { file, key, pullRequest: Number(number) };
  },
  work: async ({ file, ...comment }) => {
    const github = gitHubFrom(process.env);
    const body = readFileSync(file, "utf8");
    console.log(`comment: ${await syncComment(github, { ...comment, body })}`);
    return 0;
  },
});

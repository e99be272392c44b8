import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { command } from "./command";
import { driftIssue } from "./github/driftIssue";
import { gitHubFrom } from "./github/github";
import { reportSource } from "./github/reportSource";
import { syncIssue } from "./github/sync";
import { stackIn, stackOption } from "./stackOption";

void command({
  name: "npm run issue",
  help: `npm run issue -- --stack NAME --file FILE

Opens one issue "Drift detected: NAME" with the diff in FILE, or updates the open issue. Closes it if
FILE does not exist.

Options
  --stack NAME  stack with the drift
  --file FILE   output of pulumi preview --refresh --diff

Needs the variables of a GitHub workflow GITHUB_REPOSITORY and GITHUB_API_URL, and GITHUB_TOKEN
with write access to issues.

Exit codes: 0 done; 1 failed; 2 invalid command line`,
  read: (args) => {
    const options = { ...stackOption, file: { type: "string" } } as const;
    const { file, stack } = parseArgs({ args, options }).values;
    if (file === undefined) throw new Error("--file must name a file, for example drift.txt");
    return { file, stack: stackIn(stack) };
  },
  work: async ({ file, stack }) => {
    const github = gitHubFrom(process.env);
    const body = existsSync(file)
      ? driftIssue(readFileSync(file, "utf8"), reportSource(process.env))
      : undefined;
    const issue = { body, key: `drift-${stack}`, title: `Drift detected: ${stack}` };
    console.log(`issue: ${await syncIssue(github, issue)}`);
    return 0;
  },
});

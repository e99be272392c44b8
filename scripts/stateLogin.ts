import { spawnSync } from "node:child_process";

import { command, noArguments } from "./command";
import { askGitHub, loginArguments } from "./stack/login";

void command({
  name: "npm run state:login",
  help: `npm run state:login

Logs the Pulumi CLI in to the state, in a workflow: to the bucket, or to Pulumi Cloud, that BACKEND names, for example
s3://acme-state?region=us-east-1 or https://api.pulumi.com. Pulumi Cloud takes the workflow's own OIDC token for the
organization that ORGANIZATION names, so no token of Pulumi's is stored at GitHub.

Exit codes: 0 logged in; 1 it failed; 2 the command line was wrong`,
  read: noArguments,
  work: async () => {
    const args = await loginArguments(process.env, askGitHub(process.env));
    const { error, status } = spawnSync("pulumi", [...args, "--non-interactive"], {
      stdio: "inherit",
    });
    if (error) throw new Error(`the Pulumi CLI must be on PATH: ${error.message}`);
    return status === 0 ? 0 : 1;
  },
});

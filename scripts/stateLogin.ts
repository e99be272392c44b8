import { spawnSync } from "node:child_process";

import { command, noArguments } from "./command";
import { gitHubTokens, loginArguments } from "./stack/login";

void command({
  name: "npm run state:login",
  help: `npm run state:login

Logs the Pulumi CLI in to the state, in a GitHub workflow. BACKEND is a bucket or Pulumi Cloud, for
example s3://acme-state?region=us-east-1 or https://api.pulumi.com. For Pulumi Cloud, ORGANIZATION
is the name of the organization; the login uses the workflow's OIDC token, so that GitHub stores no
Pulumi access token.

Exit codes: 0 logged in; 1 failed; 2 invalid command line`,
  read: noArguments,
  work: async () => {
    const args = await loginArguments(process.env, gitHubTokens(process.env));
    const { error, status } = spawnSync("pulumi", [...args, "--non-interactive"], {
      stdio: "inherit",
    });
    if (error) throw new Error(`the Pulumi CLI must be on PATH: ${error.message}`);
    return status === 0 ? 0 : 1;
  },
});

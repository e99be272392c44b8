import { accessIn } from "./access";
import { clientOptions } from "../components/seeding/credentials";
import { connect } from "../components/seeding/connect";
import { mustBeIn } from "../components/seeding/seedRepository";
import { command } from "./command";
import { stackNamesOf } from "./endpoints/deployment";
import { pulumiJson } from "./pulumiCli";
import { revokeClients } from "./revoke/clients";
import { type RevokeInput, revokeInput } from "./revoke/commandLine";
import { roleKeys, roleOf } from "./revoke/role";
import { revokeRole } from "./revoke/revokeRole";
import { policyName } from "./revoke/sessions";

void command({
  name: "npm run revoke",
  help: `npm run revoke -- --stack NAME --role ROLE

Evicts a compromised role of the project:
- revokes its sessions: the inline policy ${policyName} denies every action to sessions issued
  before now
- stops the activities of the role: for execution the SageMaker pipeline and the processing, training and
  transform jobs, for the role of a build its builds
- aborts every incomplete upload to the artifact bucket
Lists everything first. Repeats this every 20 seconds, until nothing is in progress for a minute, at
most for 15 minutes. Services can open new sessions: disable the stage transitions first, see
docs/runbooks/role-is-compromised.md. A second run continues.

Options
  --stack NAME  stack of the role
  --role ROLE   ${roleKeys.slice(0, 7).join(", ")},
                ${roleKeys.slice(7, 12).join(", ")},
                ${roleKeys.slice(12).join(", ")}
  --yes         without the question

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's
account: those of aws:profile and aws:assumeRoles of the stack config, or else the default
credentials of the AWS SDK (AWS_PROFILE, for example).

Exit codes: 0 evicted; 1 failed, something is still in progress, or not confirmed; 2 invalid command
line`,
  read: revokeInput,
  work: revoke,
});

async function revoke({ isConfirmed, role: key, stack }: RevokeInput): Promise<number> {
  const outputs = pulumiJson("stack", "output", "--json", "--stack", stack);
  const config = pulumiJson("config", "--json", "--stack", stack);
  const project = stackNamesOf(outputs);
  const { accountId, names, region } = project;
  const role = roleOf(project, outputs, key);
  const where = await clientOptions(accessIn(config), region);
  await mustBeIn(accountId, await connect(where), "sessions must be revoked");
  const bucket = { accountId, name: names.artifactBucket };
  const report = console.log;
  return revokeRole(role, bucket, await revokeClients(where), { isConfirmed, report });
}

import { parseArgs } from "node:util";

import { command } from "./command";
import { DEADLINE_MINUTES, DELETION_MINUTES } from "./prove/prices";
import { stackIn, stackOption } from "./stackOption";

const HELP = `npm run prove -- --stack NAME [options]

Shows on your AWS account what no emulator can show, and writes it down: deploys a stack that is not
deployed, trains two versions of the starter's model, deploys the first, forces the rollback of the
second, rejects it, deletes everything, and compares denied calls, events and durations with those
that this repository expects. Prints the bill first, and asks.

A run ends after ${String(DEADLINE_MINUTES)} minutes, and then deletes everything, as it does after a failure and after
Ctrl-C. If it is killed, schedules delete both endpoints ${String(DELETION_MINUTES)} minutes after its start; the rest of
the stack remains. Next: npm run clear -- --stack NAME, then pulumi destroy --stack NAME.

Options
  --stack NAME     stack with the posture dev, created by pulumi stack init and not deployed
  --output FOLDER  folder of the page and the JSON file, prove-NAME.md and .json; default evidence
  --yes            without the question

Needs the Pulumi CLI on PATH, logged in to the stack's state, Python 3.10 or newer, and AWS
credentials that can create IAM roles, last ${String(DELETION_MINUTES)} minutes, and belong to the stack's account: those
of aws:profile and aws:assumeRoles of the stack config, or else the default credentials of the AWS
SDK. The step image needs Docker too.

Exit codes: 0 every step passed, or could not be checked; 1 a step failed, or not confirmed; 2
invalid command line`;

void command({
  name: "npm run prove",
  help: HELP,
  read: (args) => {
    const options = {
      ...stackOption,
      output: { type: "string", default: "evidence" },
      yes: { type: "boolean", default: false },
    } as const;
    const { output, stack, yes } = parseArgs({ args, options }).values;
    return { isConfirmed: yes, output, stackName: stackIn(stack) };
  },
  // Loaded late: the help needs neither the program nor the AWS SDK.
  work: async (input) => (await import("./prove/session")).runSession(input),
});

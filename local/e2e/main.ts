import { join } from "node:path";
import { parseArgs } from "node:util";

import { runCommand } from "../command";
import { forgetTheUsersClouds } from "../environment";
import { INTERRUPTED, catchInterrupts } from "../interrupt";
import { keptStack } from "../keptStack";
import { prepareTools, programsOf } from "../localCloud";
import { say } from "../progress";
import { messageOf, startSteps } from "../steps";
import { readFolder } from "./readFolder";
import { runE2e } from "./runE2e";

const ROOT = join(__dirname, "..", "..");

const HELP = `npm run e2e [-- options]

End-to-end run, from a push to a registered model, on the local cloud that this command keeps:
  npm run local -- --keep

The first run plays the first execution of the new pipeline, later runs play a push. A policy
simulator authorizes every AWS call. The run ends with the unused IAM actions and with what is not
covered, and writes a report to .local/.

Options
  --code DIR  push the files of this folder; without it, the run pushes a note
  --full      also run the failure scenarios: a push event delivered twice, a failed build and a
              failed training (with the code of the starter); and once, the deployment of model
              versions 1 and 2 with its failures
  -h, --help  show this

Exit codes
  0  every step passed
  1  a step failed, or no local cloud is kept
  2  invalid command line
  130  stopped by Ctrl-C; the local cloud keeps running`;

runCommand(main);

async function main(args: string[]): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args,
      options: {
        code: { type: "string" },
        full: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: npm run e2e -- --help`);
    return 2;
  }
  if (options.help) {
    say(HELP);
    return 0;
  }
  return play(options.full, options.code);
}

async function play(full: boolean, folder: string | undefined): Promise<number> {
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const steps = startSteps();
  try {
    const tools = await prepareTools(signal);
    const code = folder === undefined ? undefined : await readFolder(folder, signal);
    const programs = await programsOf(tools, signal);
    await runE2e(keptStack(ROOT, tools, signal), steps, { code, deploys: full, full, programs });
    say(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return 1;
  } finally {
    endLeftovers();
  }
}

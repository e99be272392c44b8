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
import { rehearse } from "./rehearse";

const ROOT = join(__dirname, "..", "..");

const HELP = `npm run rehearse [-- options]

Plays the way from a push to a registered model, and with --full on to production, on the local cloud that this
command has left running:
  npm run local -- --keep
The first time, that is the new pipeline's own first run; from then on, a push. Every call is judged by an IAM policy
simulator. It ends with what was granted and never used, and with what was not exercised.

Options
  --code DIR  push this folder's files over those that are there; without it, a note
  --full      also play a push that is told twice, a broken build, and a broken training (with the starter's code);
              and, once, the deployment of versions 1 and 2 with all that may go wrong
  -h, --help  show this

Exit codes
  0  every step held
  1  a step failed, or no local cloud is kept
  2  the command line was wrong
  130  stopped by Ctrl-C; the local cloud goes on`;

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
    console.error(`${messageOf(error)}\nTry: npm run rehearse -- --help`);
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
    await rehearse(keptStack(ROOT, tools, signal), steps, { code, deploys: full, full, programs });
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

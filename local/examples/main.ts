import { join } from "node:path";

import { runCommand } from "../command";
import { forgetTheUsersClouds } from "../environment";
import { INTERRUPTED, catchInterrupts } from "../interrupt";
import { prepareTools } from "../localCloud";
import { say } from "../progress";
import { messageOf, startSteps } from "../steps";
import { bootstrap } from "./bootstrap";

const ROOT = join(__dirname, "..", "..");

const HELP = `npm run local:examples

Brings examples/bootstrap up on the local cloud, under the policy pack, and then runs what the GitHub workflows run, in the state
bucket that it made: npm run preview, comment, deploy, drift and issue, against a stand-in for GitHub's API.

Exit codes: 0 every step held, 1 a step failed, 2 the command line was wrong, 130 stopped by Ctrl-C`;

runCommand(main);

async function main(argv: string[]): Promise<number> {
  if (argv.length > 0) {
    const asked = argv.every((it) => ["-h", "--help"].includes(it));
    if (asked) say(HELP);
    else console.error(`npm run local:examples takes no arguments, got "${argv.join(" ")}"`);
    return asked ? 0 : 2;
  }
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const steps = startSteps();
  try {
    const tools = await steps.step("tools are there", () => prepareTools(signal));
    await bootstrap(tools, steps, signal);
    say(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return signal.aborted ? INTERRUPTED : 1;
  } finally {
    endLeftovers();
  }
}

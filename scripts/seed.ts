import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { connect } from "../components/seeding/connect";
import { seedRepository } from "../components/seeding/seedRepository";
import { starterFiles } from "../components/seeding/starter";
import { seedTarget } from "./seedTarget";

const HELP = `npm run seed -- --stack NAME

Makes the first commit of the CodeCommit repository that the stack made, out of starter/model-build: what the first
pulumi up does, unless source.codecommit.seed is false. The commit starts the pipeline. A repository that has any
branch is left alone.

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's account: those of
aws:profile if the stack's config has it, else what AWS's tools would find here (AWS_PROFILE, for example).

Exit codes: 0 seeded, or nothing to do; 1 it failed; 2 the command line was wrong`;

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

async function main(args: string[]): Promise<number> {
  const { help, stack, wrong } = optionsIn(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (stack === undefined) {
    console.error(
      `${wrong ?? '--stack must name a stack, for example "dev"'}\nTry: npm run seed -- --help`,
    );
    return 2;
  }
  const outputs = askPulumi("stack", "output", "--json", "--stack", stack);
  const config = askPulumi("config", "--json", "--stack", stack);
  const { profile, ...target } = seedTarget(outputs, config);
  const calls = await connect({ profile, region: target.region });
  console.log(await seedRepository(calls, target, starterFiles));
  return 0;
}

function optionsIn(args: string[]): { help?: boolean; stack?: string; wrong?: string } {
  const options = { help: { type: "boolean", short: "h" }, stack: { type: "string" } } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

function askPulumi(...args: string[]): unknown {
  const { error, status, stderr, stdout } = spawnSync("pulumi", [...args, "--non-interactive"], {
    cwd: join(__dirname, ".."),
    encoding: "utf8",
  });
  if (error) throw new Error(`the Pulumi CLI must be on PATH: ${error.message}`);
  if (status !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${stderr.trim()}`);
  return JSON.parse(stdout);
}

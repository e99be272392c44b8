import { parseArgs } from "node:util";

import { connect } from "../components/seeding/connect";
import { seedRepository } from "../components/seeding/seedRepository";
import { type Starter, starterFiles } from "../components/seeding/starter";
import { askPulumi } from "./askPulumi";
import { command } from "./command";
import { seedTarget } from "./seedTarget";
import { stackIn, stackOption } from "./stackOption";

void command({
  name: "npm run seed",
  help: `npm run seed -- --stack NAME [--deploy]

Makes the first commit of the CodeCommit repository that the stack made, out of starter/model-build: what the first
pulumi up does, unless source.codecommit.seed is false. The commit starts the pipeline. A repository that has any
branch is left alone.

Options
  --stack NAME  which stack
  --deploy      the repository of deployment and test instead, out of starter/model-deploy and endpoint; this commit
                starts nothing

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's account: those of
aws:profile if the stack's config has it, else what AWS's tools would find here (AWS_PROFILE, for example).

Exit codes: 0 seeded, or nothing to do; 1 it failed; 2 the command line was wrong`,
  read: (args) => {
    const options = { ...stackOption, deploy: { type: "boolean", default: false } } as const;
    const { deploy, stack } = parseArgs({ args, options }).values;
    const starter: Starter = deploy ? "model-deploy" : "model-build";
    return { stack: stackIn(stack), starter };
  },
  work: async ({ stack, starter }) => {
    const outputs = askPulumi("stack", "output", "--json", "--stack", stack);
    const config = askPulumi("config", "--json", "--stack", stack);
    const { profile, ...target } = seedTarget(outputs, config, starter);
    const calls = await connect({ profile, region: target.region });
    console.log(await seedRepository(calls, target, () => starterFiles(starter)));
    return 0;
  },
});

import { accessIn } from "./access";
import { clientOptions } from "../components/seeding/credentials";
import { parseArgs } from "node:util";

import { connect } from "../components/seeding/connect";
import { seedRepository } from "../components/seeding/seedRepository";
import { type Starter, starterFiles } from "../components/seeding/starter";
import { command } from "./command";
import { pulumiJson } from "./pulumiCli";
import { seedTarget } from "./seedTarget";
import { stackIn, stackOption } from "./stackOption";

void command({
  name: "npm run seed",
  help: `npm run seed -- --stack NAME [--deploy]

Creates the first commit of the stack's CodeCommit repository from starter/model-build. The first
pulumi up does the same, unless source.codecommit.seed is false. The commit starts the pipeline.
Does not change a repository that has a branch.

Options
  --stack NAME  stack of the repository
  --deploy      seed the deployment repository instead, from starter/model-deploy; this commit does
                not start a pipeline

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's
account: those of aws:profile and aws:assumeRoles of the stack config, or else the default
credentials of the AWS SDK (AWS_PROFILE, for example).

Exit codes: 0 seeded, or nothing to do; 1 failed; 2 invalid command line`,
  read: (args) => {
    const options = { ...stackOption, deploy: { type: "boolean", default: false } } as const;
    const { deploy, stack } = parseArgs({ args, options }).values;
    const starter: Starter = deploy ? "model-deploy" : "model-build";
    return { stack: stackIn(stack), starter };
  },
  work: async ({ stack, starter }) => {
    const outputs = pulumiJson("stack", "output", "--json", "--stack", stack);
    const config = pulumiJson("config", "--json", "--stack", stack);
    const target = seedTarget(outputs, config, starter);
    const calls = await connect(await clientOptions(accessIn(config), target.region));
    console.log(await seedRepository(calls, target, () => starterFiles(starter)));
    return 0;
  },
});

import { connect } from "../components/seeding/connect";
import { seedRepository } from "../components/seeding/seedRepository";
import { starterFiles } from "../components/seeding/starter";
import { askPulumi } from "./askPulumi";
import { seedTarget } from "./seedTarget";
import { onStack } from "./stackOption";

const HELP = `npm run seed -- --stack NAME

Makes the first commit of the CodeCommit repository that the stack made, out of starter/model-build: what the first
pulumi up does, unless source.codecommit.seed is false. The commit starts the pipeline. A repository that has any
branch is left alone.

Needs the Pulumi CLI on PATH, logged in to the stack's state, and AWS credentials of the stack's account: those of
aws:profile if the stack's config has it, else what AWS's tools would find here (AWS_PROFILE, for example).

Exit codes: 0 seeded, or nothing to do; 1 it failed; 2 the command line was wrong`;

void onStack({ help: HELP, name: "npm run seed", work: seed });

async function seed(stack: string): Promise<void> {
  const outputs = askPulumi("stack", "output", "--json", "--stack", stack);
  const config = askPulumi("config", "--json", "--stack", stack);
  const { profile, ...target } = seedTarget(outputs, config);
  const calls = await connect({ profile, region: target.region });
  console.log(await seedRepository(calls, target, starterFiles));
}

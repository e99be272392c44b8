import { AsyncResource } from "node:async_hooks";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { connect } from "./connect";
import { seedRepository, targetOf } from "./seedRepository";
import { type Starter, starterFiles } from "./starter";

interface FirstCommitArgs {
  branch: string;
  repositoryArn: pulumi.Output<string>;
  starter: Starter;
}

/** A hook that seeds an empty repository with the starter; a failure fails what it is bound to, so that it runs again. */
export function firstCommit(
  name: string,
  { branch, repositoryArn, starter }: FirstCommitArgs,
): pulumi.ResourceHook {
  const { option, setting } = ways[starter];
  const seed = async (): Promise<void> => {
    try {
      const target = targetOf(await valueOf(repositoryArn), branch);
      const calls = await connect({ profile: aws.config.profile, region: target.region });
      await pulumi.log.info(await seedRepository(calls, target, () => starterFiles(starter)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Whatever the reason, nobody must be stuck with it.
      throw new Error(
        `${reason}\nOr set ${setting}source.codecommit.seed to false, and make the first commit yourself, ` +
          `for example by "npm run seed -- --stack ${pulumi.getStack()}${option}"`,
        { cause: error },
      );
    }
  };
  // The engine calls from outside of the program, where a program run by the Automation API has no config and no log.
  return new pulumi.ResourceHook(name, AsyncResource.bind(seed));
}

/** Where a config and a command line say which starter they mean. */
const ways = {
  "model-build": { option: "", setting: "" },
  "model-deploy": { option: " --deploy", setting: "deploy." },
};

function valueOf(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

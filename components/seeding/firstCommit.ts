import { AsyncResource } from "node:async_hooks";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { connect } from "./connect";
import { clientOptions } from "./credentials";
import { seedRepository, targetOf } from "./seedRepository";
import { type Starter, starterFiles } from "./starter";

interface FirstCommitArgs {
  branch: string;
  repositoryArn: pulumi.Output<string>;
  starter: Starter;
}

/**
 * Pulumi resource hook that commits the starter to an empty repository.
 * If it fails, its resource fails too, so the next `pulumi up` retries it.
 */
export function firstCommit(
  name: string,
  { branch, repositoryArn, starter }: FirstCommitArgs,
): pulumi.ResourceHook {
  const { option, setting } = starterOptions[starter];
  const seed = async (): Promise<void> => {
    try {
      const target = targetOf(await valueOf(repositoryArn), branch);
      const { assumeRoles, profile } = aws.config;
      const calls = await connect(await clientOptions({ assumeRoles, profile }, target.region));
      await pulumi.log.info(await seedRepository(calls, target, () => starterFiles(starter)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Every error includes a workaround.
      throw new Error(
        `${reason}\nOr set ${setting}source.codecommit.seed to false, and make the first commit yourself, ` +
          `for example by "npm run seed -- --stack ${pulumi.getStack()}${option}"`,
        { cause: error },
      );
    }
  };
  // The engine calls the hook outside the program's async context, where a program that the
  // Automation API runs has no config and no log.
  return new pulumi.ResourceHook(name, AsyncResource.bind(seed));
}

/** Prefix of the config key, and command-line option, per starter. */
const starterOptions = {
  "model-build": { option: "", setting: "" },
  "model-deploy": { option: " --deploy", setting: "deploy." },
};

function valueOf(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SourceRepositoryArgs {
  description: string;
  repositoryName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** A CodeCommit repository; it has no branch until the first push. */
export function sourceRepository(
  name: string,
  args: SourceRepositoryArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codecommit.Repository {
  return new aws.codecommit.Repository(name, { ...args }, opts);
}

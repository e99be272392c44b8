import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SourceRepositoryArgs {
  description: string;
  repositoryName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** CodeCommit repository. It has no branch before the first push. */
export function sourceRepository(
  name: string,
  args: SourceRepositoryArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codecommit.Repository {
  return new aws.codecommit.Repository(name, { ...args }, opts);
}

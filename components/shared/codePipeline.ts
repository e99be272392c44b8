import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { pipeline as createPipeline, type Stage } from "../parts/pipeline";
import { serviceRole } from "../parts/serviceRole";
import type { Document } from "../policies/statements";
import type { Source } from "./source";

interface CodePipelineArgs {
  /**
   * Resources of the caller that the pipeline depends on; its role does not.
   * @default - none
   */
  after?: pulumi.ResourceOptions["dependsOn"];
  artifactBucketName: pulumi.Input<string>;
  description: string;
  executionMode: string;
  keyArn: pulumi.Input<string>;
  names: { pipeline: pulumi.Input<string>; pipelineRole: pulumi.Input<string> };
  permissionsBoundary: pulumi.Input<string> | undefined;
  /** IAM policy of the pipeline role. */
  policy: pulumi.Input<Document>;
  /**
   * Resources that must exist before the first execution, and that the stages do not name.
   * @default - none
   */
  ready?: pulumi.Resource[];
  source: Source;
  stages: Stage[];
  tags: Record<string, string>;
  /** IAM trust policy of the pipeline role. */
  trust: pulumi.Input<Document>;
  variables?: aws.types.input.codepipeline.PipelineVariable[];
}

/** CodePipeline with its role. It starts at its creation, so the first commit is created before. */
export function codePipeline(
  name: string,
  {
    after = [],
    names,
    permissionsBoundary,
    policy,
    ready = [],
    source,
    trust,
    ...args
  }: CodePipelineArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codepipeline.Pipeline {
  const { description, tags, ...pipeline } = args;
  const roleArn = serviceRole(
    `${name}-role`,
    {
      description,
      permissionsBoundary,
      policy,
      roleName: names.pipelineRole,
      tags,
      trust,
    },
    opts,
  );
  const { triggers } = source;
  return createPipeline(
    name,
    {
      ...pipeline,
      pipelineName: names.pipeline,
      roleArn,
      tags,
      ...(triggers === undefined ? {} : { triggers }),
    },
    pulumi.mergeOptions(pulumi.mergeOptions(opts, { dependsOn: after }), {
      // CodePipeline starts a new pipeline at once.
      dependsOn: ready,
      hooks: { beforeCreate: source.beforeFirstRun },
    }),
  );
}

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { pipeline as createPipeline, type Stage } from "../parts/pipeline";
import { serviceRole } from "../parts/serviceRole";
import type { Document } from "../policies/statements";
import type { Connection } from "../policies/buildRoles";
import { pipelineTrustPolicy } from "../policies/trust";
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
  /** Selects the names of this pipeline. */
  nameOf: (names: Names) => { pipeline: string; pipelineArn: string; pipelineRole: string };
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  /** IAM policy of the pipeline role; `connection` is set for a repository outside AWS. */
  policyOf: (names: Names, connection: Connection | undefined) => Document;
  /** Resources that must exist before the first execution: bucket protection, and role policies. */
  ready: pulumi.Resource[];
  source: Source;
  stages: Stage[];
  tags: Record<string, string>;
  variables?: aws.types.input.codepipeline.PipelineVariable[];
}

/** CodePipeline with its role. It starts at its creation, so the first commit is created before. */
export function codePipeline(
  name: string,
  {
    after = [],
    nameOf,
    names,
    permissionsBoundary,
    policyOf,
    ready,
    source,
    ...args
  }: CodePipelineArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codepipeline.Pipeline {
  const { description, tags, ...pipeline } = args;
  const ownNames = names.apply(nameOf);
  const role = serviceRole(
    `${name}-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply((it) => policyOf(it, source.connection)),
      roleName: ownNames.pipelineRole,
      tags,
      trust: names.apply((it) => pipelineTrustPolicy(it, nameOf(it).pipelineArn)),
    },
    opts,
  );
  const { triggers } = source;
  return createPipeline(
    name,
    {
      ...pipeline,
      pipelineName: ownNames.pipeline,
      roleArn: role.arn,
      tags,
      ...(triggers === undefined ? {} : { triggers }),
    },
    pulumi.mergeOptions(pulumi.mergeOptions(opts, { dependsOn: after }), {
      dependsOn: [...ready, role.policy],
      hooks: { beforeCreate: source.beforeFirstRun },
    }),
  );
}

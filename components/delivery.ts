import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Names } from "./names";
import { deliveryPipeline, type Stage } from "./parts/deliveryPipeline";
import { serviceRole } from "./parts/serviceRole";
import type { Document } from "./policies/grammar";
import type { Connection } from "./policies/roles";
import { trustPipeline } from "./policies/trust";
import type { Source } from "./source";

interface DeliveryArgs {
  /** Other people's resources that the pipeline waits for, its role does not. @default - none */
  after?: pulumi.ResourceOptions["dependsOn"];
  artifactBucketName: pulumi.Input<string>;
  description: string;
  executionMode: string;
  keyArn: pulumi.Input<string>;
  /** The pipeline's own names among the project's. */
  nameOf: (names: Names) => { pipeline: string; pipelineArn: string; pipelineRole: string };
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  /** What its role may do, given the connection that the source is reached by, if it is reached by one. */
  policyOf: (names: Names, connection: Connection | undefined) => Document;
  /** Must stand before the first run: artifacts must be safe, and whatever the stages run must be allowed its work. */
  ready: pulumi.Resource[];
  source: Source;
  stages: Stage[];
  tags: Record<string, string>;
  variables?: aws.types.input.codepipeline.PipelineVariable[];
}

/** A CodePipeline with a role of its own, which runs as soon as it is made: by then its code is there too. */
export function delivery(
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
  }: DeliveryArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codepipeline.Pipeline {
  const { description, tags, ...pipeline } = args;
  const its = names.apply(nameOf);
  const role = serviceRole(
    `${name}-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply((it) => policyOf(it, source.connection)),
      roleName: its.pipelineRole,
      tags,
      trust: names.apply((it) => trustPipeline(it, nameOf(it).pipelineArn)),
    },
    opts,
  );
  const { triggers } = source;
  return deliveryPipeline(
    name,
    {
      ...pipeline,
      pipelineName: its.pipeline,
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

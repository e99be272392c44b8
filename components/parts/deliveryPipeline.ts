import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface DeliveryPipelineArgs {
  artifactBucketName: pulumi.Input<string>;
  build: Stage;
  executionMode: string;
  keyArn: pulumi.Input<string>;
  pipelineName: pulumi.Input<string>;
  roleArn: pulumi.Input<string>;
  source: Stage;
  tags: Record<string, string>;
  triggers?: aws.types.input.codepipeline.PipelineTrigger[];
}

/** A stage of one action by an AWS service. */
export interface Stage {
  action: string;
  configuration: Record<string, pulumi.Input<string>>;
  name: string;
  provider: string;
}

/** A V2 CodePipeline of two stages, Source then Build, with artifacts under the given key. */
export function deliveryPipeline(
  name: string,
  args: DeliveryPipelineArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codepipeline.Pipeline {
  return new aws.codepipeline.Pipeline(
    name,
    {
      name: args.pipelineName,
      pipelineType: "V2",
      executionMode: args.executionMode,
      roleArn: args.roleArn,
      artifactStores: [
        {
          type: "S3",
          location: args.artifactBucketName,
          // The key's ARN: the bucket policy refuses an alias or a bare id.
          encryptionKey: { type: "KMS", id: args.keyArn },
        },
      ],
      stages: [
        stage("Source", args.source, { outputArtifacts: [sourceCode] }),
        stage("Build", args.build, { inputArtifacts: [sourceCode] }),
      ],
      tags: args.tags,
      ...(args.triggers === undefined ? {} : { triggers: args.triggers }),
    },
    opts,
  );
}

const sourceCode = "SourceCode";

function stage(
  category: string,
  { action, configuration, name, provider }: Stage,
  artifacts: { inputArtifacts?: string[]; outputArtifacts?: string[] },
) {
  const service = { category, owner: "AWS", provider, version: "1" };
  return { name, actions: [{ name: action, ...service, configuration, ...artifacts }] };
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface DeliveryPipelineArgs {
  artifactBucketName: pulumi.Input<string>;
  executionMode: string;
  keyArn: pulumi.Input<string>;
  pipelineName: pulumi.Input<string>;
  roleArn: pulumi.Input<string>;
  stages: Stage[];
  tags: Record<string, string>;
  triggers?: aws.types.input.codepipeline.PipelineTrigger[];
  variables?: aws.types.input.codepipeline.PipelineVariable[];
}

/** Actions of AWS services, one after the other. */
export interface Stage {
  actions: Action[];
  name: string;
  /** Runs the stage's last good run again when it fails. @default - it stays failed */
  rollsBack?: boolean;
}

/** What one AWS service does with artifacts, by name. */
export interface Action {
  category: "Approval" | "Build" | "Source" | "Test";
  configuration: Record<string, pulumi.Input<string>>;
  inputArtifacts?: string[];
  name: string;
  /** Where other actions find what this one exports. */
  namespace?: string;
  outputArtifacts?: string[];
  provider: string;
  timeoutInMinutes?: number;
}

/** A V2 CodePipeline, with artifacts under the given key. */
export function deliveryPipeline(
  name: string,
  { artifactBucketName, keyArn, pipelineName, stages, ...args }: DeliveryPipelineArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codepipeline.Pipeline {
  return new aws.codepipeline.Pipeline(
    name,
    {
      ...args,
      name: pipelineName,
      pipelineType: "V2",
      artifactStores: [
        {
          type: "S3",
          location: artifactBucketName,
          // The key's ARN: the bucket policy refuses an alias or a bare id.
          encryptionKey: { type: "KMS", id: keyArn },
        },
      ],
      stages: stages.map(declared),
    },
    opts,
  );
}

function declared({ actions, name, rollsBack }: Stage) {
  const oneByOne = actions.length > 1;
  return {
    name,
    actions: actions.map((action, index) => ({
      ...action,
      owner: "AWS",
      version: "1",
      ...(oneByOne ? { runOrder: index + 1 } : {}),
    })),
    ...(rollsBack === true ? { onFailure: { result: "ROLLBACK" } } : {}),
  };
}

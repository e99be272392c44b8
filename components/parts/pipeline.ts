import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface PipelineArgs {
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

/** CodePipeline stage: its actions run in order. */
export interface Stage {
  actions: Action[];
  name: string;
  /**
   * Roll back a failed stage: CodePipeline repeats its last successful execution.
   * @default - the stage remains failed
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
   */
  rollsBack?: boolean;
}

/** CodePipeline action of an AWS service. */
export interface Action {
  category: "Approval" | "Build" | "Source" | "Test";
  configuration: Record<string, pulumi.Input<string>>;
  inputArtifacts?: string[];
  name: string;
  /** Namespace of the variables that this action exports. */
  namespace?: string;
  outputArtifacts?: string[];
  provider: string;
  timeoutInMinutes?: number;
}

/** CodePipeline of type V2, with artifacts encrypted by a KMS key. */
export function pipeline(
  name: string,
  { artifactBucketName, keyArn, pipelineName, stages, ...args }: PipelineArgs,
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
          // The key ARN: the bucket policy denies uploads with an alias or a key ID.
          encryptionKey: { type: "KMS", id: keyArn },
        },
      ],
      stages: stages.map(stageDeclaration),
    },
    opts,
  );
}

function stageDeclaration({ actions, name, rollsBack }: Stage) {
  const isSequence = actions.length > 1;
  return {
    name,
    actions: actions.map((action, index) => ({
      ...action,
      owner: "AWS",
      version: "1",
      ...(isSequence ? { runOrder: index + 1 } : {}),
    })),
    ...(rollsBack === true ? { onFailure: { result: "ROLLBACK" } } : {}),
  };
}

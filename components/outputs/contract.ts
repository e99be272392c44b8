/** Contract version: incremented when an output is removed or changes its type or meaning. */
export const contractVersion = 1;

/** Stack outputs for other projects. */
export interface ModelBuildOutputs {
  /** IAM policy to approve or reject model versions, as JSON. */
  readonly approverPolicy: string;
  /** ARN of the artifact bucket. */
  readonly artifactBucketArn: string;
  /** Name of the artifact bucket. */
  readonly artifactBucketName: string;
  /** ARN of the KMS key of artifacts, logs, notifications and undelivered events. */
  readonly artifactKeyArn: string;
  /** Name of the CodeBuild project. */
  readonly buildProjectName: string;
  /** Version of this contract. */
  readonly contractVersion: number;
  /** URL of the deployment CodePipeline in the AWS console; only with deployment. */
  readonly deployConsoleUrl?: string;
  /** HTTPS clone URL of the deployment repository; only for a CodeCommit repository. */
  readonly deployRepositoryCloneUrl?: string;
  /** Name of the deployment repository; only with deployment. */
  readonly deployRepositoryName?: string;
  /** Name of the S3 bucket of the Pulumi state of the endpoints; only with deployment. */
  readonly deployStateBucketName?: string;
  /** ARN of the execution role of the SageMaker pipeline and its jobs. */
  readonly executionRoleArn: string;
  /** ARN of the CodePipeline. */
  readonly modelBuildPipelineArn: string;
  /** Name of the CodePipeline. */
  readonly modelBuildPipelineName: string;
  /** ARN of the deployment CodePipeline; only with deployment. */
  readonly modelDeployPipelineArn?: string;
  /** Name of the deployment CodePipeline; only with deployment. */
  readonly modelDeployPipelineName?: string;
  /** Name of the model package group of all model versions. */
  readonly modelPackageGroupName: string;
  /** ID of the VPC of builds and jobs; only with a private network. */
  readonly networkVpcId?: string;
  /** ARN of the SNS topic of the notifications; other projects may subscribe. */
  readonly notificationTopicArn: string;
  /** URL of the CodePipeline in the AWS console. */
  readonly pipelineConsoleUrl: string;
  /** Name of the production endpoint, which the first deployment creates; only with deployment. */
  readonly prodEndpointName?: string;
  /** Name of the SageMaker pipeline that the builds create and start. */
  readonly sagemakerPipelineName: string;
  /** HTTPS clone URL of the source repository; only for a CodeCommit repository. */
  readonly sourceRepositoryCloneUrl?: string;
  /** Name of the source repository; `owner/repository` for a repository outside AWS. */
  readonly sourceRepositoryName: string;
  /** Name of the staging endpoint, which the first deployment creates; only with deployment. */
  readonly stagingEndpointName?: string;
}

/** Name of an output. */
export type OutputName = keyof ModelBuildOutputs;

/** Contract terms of an output. */
interface OutputTerms {
  /** Set for an output that some stacks lack. */
  readonly optional?: boolean;
  /** First package version with this output. */
  readonly since: string;
  readonly type: "number" | "string";
}

const text: OutputTerms = { since: "0.1.0", type: "string" };

const deploymentText: OutputTerms = { ...text, optional: true };

/** Contract terms of all outputs. */
export const contract: Readonly<Record<OutputName, OutputTerms>> = {
  approverPolicy: text,
  artifactBucketArn: text,
  artifactBucketName: text,
  artifactKeyArn: text,
  buildProjectName: text,
  contractVersion: { since: "0.1.0", type: "number" },
  deployConsoleUrl: deploymentText,
  deployRepositoryCloneUrl: deploymentText,
  deployRepositoryName: deploymentText,
  deployStateBucketName: deploymentText,
  executionRoleArn: text,
  modelBuildPipelineArn: text,
  modelBuildPipelineName: text,
  modelDeployPipelineArn: deploymentText,
  modelDeployPipelineName: deploymentText,
  modelPackageGroupName: text,
  networkVpcId: { ...text, optional: true },
  notificationTopicArn: text,
  pipelineConsoleUrl: text,
  prodEndpointName: deploymentText,
  sagemakerPipelineName: text,
  sourceRepositoryCloneUrl: { ...text, optional: true },
  sourceRepositoryName: text,
  stagingEndpointName: deploymentText,
};

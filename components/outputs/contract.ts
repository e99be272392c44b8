/** One more whenever an output is removed or changes its type or meaning; never for one that is added. */
export const contractVersion = 1;

/** What a stack gives to other projects. */
export interface ModelBuildOutputs {
  /** IAM policy document, as JSON: all that a person needs to approve or reject a model version. */
  readonly approverPolicy: string;
  /** ARN of the artifact bucket. */
  readonly artifactBucketArn: string;
  /** Name of the bucket that keeps every build. */
  readonly artifactBucketName: string;
  /** ARN of the key of artifacts, logs, messages and undelivered events. */
  readonly artifactKeyArn: string;
  /** Name of the CodeBuild project. */
  readonly buildProjectName: string;
  /** Version of this contract. */
  readonly contractVersion: number;
  /** The CodePipeline that deploys models in the AWS console; only with deployment. */
  readonly deployConsoleUrl?: string;
  /** Where to clone the repository of deployment and test, by HTTPS; only for one in CodeCommit. */
  readonly deployRepositoryCloneUrl?: string;
  /** Name of the repository of deployment and test; only with deployment. */
  readonly deployRepositoryName?: string;
  /** Name of the bucket of the endpoints' Pulumi state; only with deployment. */
  readonly deployStateBucketName?: string;
  /** ARN of the role of the SageMaker pipeline and its jobs. */
  readonly executionRoleArn: string;
  /** ARN of the CodePipeline. */
  readonly modelBuildPipelineArn: string;
  /** Name of the CodePipeline. */
  readonly modelBuildPipelineName: string;
  /** ARN of the CodePipeline that deploys models; only with deployment. */
  readonly modelDeployPipelineArn?: string;
  /** Name of the CodePipeline that deploys models; only with deployment. */
  readonly modelDeployPipelineName?: string;
  /** Name of the registry's group that holds every model version. */
  readonly modelPackageGroupName: string;
  /** The VPC in which builds and jobs run; only if it is a private one. */
  readonly networkVpcId?: string;
  /** ARN of the topic that tells people; subscribe what you like. */
  readonly notificationTopicArn: string;
  /** The CodePipeline in the AWS console. */
  readonly pipelineConsoleUrl: string;
  /** Name of the endpoint of production, made by the first deployment; only with deployment. */
  readonly prodEndpointName?: string;
  /** Where to clone the repository, by HTTPS; only for one in CodeCommit. */
  readonly sourceRepositoryCloneUrl?: string;
  /** Name of the source repository; `owner/repository` for one outside AWS. */
  readonly sourceRepositoryName: string;
  /** Name of the endpoint of staging, made by the first deployment; only with deployment. */
  readonly stagingEndpointName?: string;
}

/** The name of an output. */
export type OutputName = keyof ModelBuildOutputs;

/** What holds of an output in every stack. */
interface OutputTerms {
  /** Left out for an output that every stack has. */
  readonly optional?: boolean;
  /** The first version of this package whose stacks have it. */
  readonly since: string;
  readonly type: "number" | "string";
}

const text: OutputTerms = { since: "0.1.0", type: "string" };

const deploymentText: OutputTerms = { ...text, optional: true };

/** The terms of every output. */
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
  sourceRepositoryCloneUrl: { ...text, optional: true },
  sourceRepositoryName: text,
  stagingEndpointName: deploymentText,
};

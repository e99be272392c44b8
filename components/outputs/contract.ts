import type * as pulumi from "@pulumi/pulumi";

/** Contract version: incremented when an output is removed or changes its type or meaning. */
export const contractVersion = 1;

/** Contract terms of an output. */
interface OutputTerms {
  readonly description: string;
  /** Whether some stacks lack the output. */
  readonly optional: boolean;
  /** First package version with this output. */
  readonly since: string;
  readonly type: OutputType;
}

type OutputType = "list of strings" | "number" | "string";

const text = (description: string) =>
  ({ description, optional: false, since: "0.1.0", type: "string" }) as const;
const optionalText = (description: string) => ({ ...text(description), optional: true }) as const;
const optionalList = (description: string) =>
  ({ ...optionalText(description), type: "list of strings" }) as const;

/** Outputs of `ModelBuildPipeline`: fields of the component, and stack outputs. */
export const modelBuildContract = {
  approverPolicy: text("IAM policy to approve or reject model versions, as JSON."),
  artifactBucketArn: text("ARN of the artifact bucket."),
  artifactBucketName: text("Name of the artifact bucket."),
  artifactKeyArn: text(
    "ARN of the KMS key of artifacts, logs, notifications and undelivered events.",
  ),
  buildProjectName: text("Name of the CodeBuild project."),
  executionRoleArn: text("ARN of the execution role of the SageMaker pipeline and its jobs."),
  modelBuildPipelineArn: text("ARN of the CodePipeline."),
  modelBuildPipelineName: text("Name of the CodePipeline."),
  modelPackageGroupName: text("Name of the model package group of all model versions."),
  networkSecurityGroupIds: optionalList(
    "IDs of the security groups of builds and jobs; only with a private network.",
  ),
  networkSubnetIds: optionalList(
    "IDs of the subnets of builds and jobs; only with a private network.",
  ),
  networkVpcId: optionalText("ID of the VPC of builds and jobs; only with a private network."),
  notificationTopicArn: text(
    "ARN of the SNS topic of the notifications; other projects may subscribe.",
  ),
  pipelineConsoleUrl: text("URL of the CodePipeline in the AWS console."),
  sagemakerPipelineName: text("Name of the SageMaker pipeline that the builds create and start."),
  sourceRepositoryCloneUrl: optionalText(
    "HTTPS clone URL of the source repository; only for a CodeCommit repository.",
  ),
  sourceRepositoryName: text(
    "Name of the source repository; `owner/repository` for a repository outside AWS.",
  ),
  trialSettings: optionalText(
    "Environment variables of trials, as JSON; only with roles that start them.",
  ),
} as const;

/** Outputs of `ModelDeployPipeline`: fields of the component, and stack outputs. */
export const modelDeployContract = {
  deployConsoleUrl: text("URL of the deployment CodePipeline in the AWS console."),
  deployRepositoryCloneUrl: optionalText(
    "HTTPS clone URL of the deployment repository; only for a CodeCommit repository.",
  ),
  deployRepositoryName: text(
    "Name of the deployment repository; `owner/repository` for a repository outside AWS.",
  ),
  modelDeployPipelineArn: text("ARN of the deployment CodePipeline."),
  modelDeployPipelineName: text("Name of the deployment CodePipeline."),
  prodEndpointName: text("Name of the production endpoint, which the first deployment creates."),
  stagingEndpointName: text("Name of the staging endpoint, which the first deployment creates."),
} as const;

type Terms = Readonly<Record<string, OutputTerms>>;

/** Value of an output in a reader. */
type ValueOf<T extends OutputTerms> = {
  "list of strings": string[];
  number: number;
  string: string;
}[T["type"]];

type OptionalNames<T extends Terms> = {
  [Name in keyof T]: T[Name]["optional"] extends true ? Name : never;
}[keyof T];

/** Values of a table of outputs. */
type ValuesOf<T extends Terms> = {
  readonly [Name in Exclude<keyof T, OptionalNames<T>>]: ValueOf<T[Name]>;
} & { readonly [Name in OptionalNames<T>]?: ValueOf<T[Name]> };

/** Fields of a component with a table of outputs. */
export type FieldsOf<T extends Terms> = {
  readonly [Name in Exclude<keyof T, OptionalNames<T>>]: pulumi.Output<ValueOf<T[Name]>>;
} & { readonly [Name in OptionalNames<T>]?: pulumi.Output<ValueOf<T[Name]>> | undefined };

/** Stack outputs for other projects; those of `ModelDeployPipeline` only with deployment. */
export type ModelBuildOutputs = { readonly contractVersion: number } & ValuesOf<
  typeof modelBuildContract
> &
  Partial<ValuesOf<typeof modelDeployContract>>;

/** Name of an output. */
export type OutputName = keyof ModelBuildOutputs;

/** Contract terms of all outputs, by name. */
export const contract: Readonly<Record<OutputName, OutputTerms>> = {
  ...modelBuildContract,
  ...withoutDeployment(modelDeployContract),
  contractVersion: { ...text("Version of this contract."), type: "number" },
};

/** The outputs of a deployment are optional in a stack. */
function withoutDeployment<T extends Terms>(terms: T): Record<keyof T, OutputTerms> {
  const entries = Object.entries(terms).map(([name, { description, ...term }]) => {
    const when = term.optional ? "" : "; only with deployment";
    return [name, { ...term, description: description.replace(/\.$/, `${when}.`), optional: true }];
  });
  return Object.fromEntries(entries) as Record<keyof T, OutputTerms>;
}

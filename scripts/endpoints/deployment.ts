import { z } from "zod";

import { type Names, namesFor, stemOfModelPackageGroup } from "../../components/names/names";

const outputsShape = z.object({
  modelBuildPipelineArn: z.string().regex(/^arn:[^:]+:codepipeline:[^:]+:\d{12}:./),
  modelDeployPipelineName: z.string().optional(),
  modelPackageGroupName: z.string(),
});

/** Account and region of a stack, and its project. */
interface StackContext {
  readonly accountId: string;
  /** Project name and ID, as in notifications. */
  readonly project: string;
  readonly region: string;
}

/** Names of the deployment of a stack. */
export interface Deployment extends StackContext {
  /** ARN of a model version without its number. */
  readonly modelPackageArn: string;
  readonly names: Names["deploy"];
}

/** Names of a stack. */
export interface StackNames extends StackContext {
  /** Whether the stack deploys models. */
  readonly hasDeployment: boolean;
  readonly names: Names;
}

/**
 * Deployment of a stack; undefined if the stack does not deploy models.
 * @param outputs outputs of the stack, as plain values
 * @throws if the stack is not deployed
 */
export function deploymentOf(outputs: unknown): Deployment | undefined {
  const { hasDeployment, names, ...context } = stackNamesOf(outputs);
  if (!hasDeployment) return undefined;
  const modelPackageArn = names.modelPackageArns.replace(/\*$/, "");
  return { ...context, modelPackageArn, names: names.deploy };
}

/**
 * Names of a stack, with or without deployment.
 * @param outputs outputs of the stack, as plain values
 * @throws if the stack is not deployed
 */
export function stackNamesOf(outputs: unknown): StackNames {
  const parsed = outputsShape.safeParse(outputs);
  if (!parsed.success)
    throw new Error("the stack has no outputs of this program: run pulumi up first");
  const { modelBuildPipelineArn, modelDeployPipelineName, modelPackageGroupName } = parsed.data;
  const [, partition = "", , region = "", accountId = ""] = modelBuildPipelineArn.split(":");
  const identity = identityOf(modelPackageGroupName);
  return {
    accountId,
    hasDeployment: modelDeployPipelineName !== undefined,
    // The commands use no name that contains the domain.
    names: namesFor(identity, { accountId, dnsSuffix: "amazonaws.com", partition, region }),
    project: `${identity.projectName} (${identity.projectId})`,
    region,
  };
}

/** Only the separator contains `--`, and the prefix contains no hyphen. */
function identityOf(modelPackageGroupName: string) {
  const [first = "", projectId = ""] = stemOfModelPackageGroup(modelPackageGroupName).split("--");
  const [namePrefix = "", ...projectName] = first.split("-");
  return { namePrefix, projectId, projectName: projectName.join("-") };
}

/** Link to an execution of the deployment pipeline in the AWS console. */
export function executionUrl({ names, region }: Deployment, executionId: string): string {
  return `${names.pipelineUrl}/executions/${executionId}/timeline?region=${region}`;
}

/** Link to the deployment pipeline in the AWS console, where approvals are decided. */
export function pipelineUrl({ names, region }: Deployment): string {
  return `${names.pipelineUrl}/view?region=${region}`;
}

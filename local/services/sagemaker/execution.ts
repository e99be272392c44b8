import type {
  DescribeModelPackageOutput,
  PipelineExecutionStatus,
} from "@aws-sdk/client-sagemaker";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import { type Definition, parseDefinition } from "./definition";
import type { Json } from "./json";
import type { Scope } from "./resolve";

/** A started execution, as the account's owner reads it. */
export interface Execution {
  readonly arn: string;
  readonly id: string;
  readonly displayName: string;
  readonly description?: string;
  readonly pipelineArn: string;
  /** The pipeline's role. */
  readonly roleArn: string;
  readonly startTime: Date;
  readonly definition: Definition;
  /** What functions of the definition can ask for before a step has run. */
  readonly scope: Pick<Scope, "execution" | "parameters">;
}

/** Reads an execution with its definition and parameters; throws for a definition that cannot be simulated. */
export async function readExecution(arn: string, context: AwsContext): Promise<Execution> {
  const owner = await ownerClients(context).sagemaker();
  const named = { PipelineExecutionArn: arn };
  const { CreationTime = new Date(), ...execution } = await owner.describePipelineExecution(named);
  const { PipelineParameters = [] } = await owner.listPipelineParametersForExecution(named);
  const { PipelineDefinition = "" } = await owner.describePipelineDefinitionForExecution(named);
  const {
    PipelineArn: pipelineArn = "",
    PipelineExecutionDescription: description,
    PipelineExecutionDisplayName: displayName = "",
  } = execution;
  const pipeline = await owner.describePipeline({ PipelineName: pipelineArn });

  const definition = parseDefinition(PipelineDefinition);
  const id = arn.split("/").at(-1) ?? "";
  const given = new Map(PipelineParameters.map(({ Name, Value }) => [Name, Value ?? ""]));
  const parameters = definition.Parameters.map(
    ({ Name, Type }) => [Name, typed(Type, given.get(Name) ?? "")] as const,
  );
  return {
    arn,
    id,
    displayName,
    description,
    pipelineArn,
    roleArn: pipeline.RoleArn ?? "",
    startTime: CreationTime,
    definition,
    scope: {
      parameters: Object.fromEntries(parameters),
      execution: {
        PipelineArn: pipelineArn,
        PipelineName: pipeline.PipelineName ?? "",
        PipelineExecutionArn: arn,
        PipelineExecutionId: id,
        StartDateTime: CreationTime.toISOString(),
        CurrentDateTime: new Date().toISOString(),
      },
    },
  };
}

function typed(type: Definition["Parameters"][number]["Type"], text: string): Json {
  if (type === "String") return text;
  return type === "Boolean" ? text.toLowerCase() === "true" : Number(text);
}

/** Status of an execution, as the account's owner reads it. */
export async function statusOf(arn: string, context: AwsContext): Promise<PipelineExecutionStatus> {
  const named = { PipelineExecutionArn: arn };
  const { PipelineExecutionStatus: status } = await (
    await ownerClients(context).sagemaker()
  ).describePipelineExecution(named);
  return status ?? "Failed";
}

/** A model version, as the account's owner reads it. */
export async function modelVersion(
  arn: string,
  context: AwsContext,
): Promise<DescribeModelPackageOutput> {
  const owner = await ownerClients(context).sagemaker();
  const { $metadata: _, ...model } = await owner.describeModelPackage({ ModelPackageName: arn });
  return model;
}

import { deploymentOf, type Deployment } from "../../scripts/endpoints/deployment";

/** Deployment of a stack for tests. */
export const churn = deployed();

function deployed(): Deployment {
  const found = deploymentOf({
    modelBuildPipelineArn:
      "arn:aws:codepipeline:eu-west-1:123456789012:mlops-churn--dev--modelbuild",
    modelDeployPipelineName: "mlops-churn--dev--modeldeploy",
    modelPackageGroupName: "mlops-churn--dev--models",
  });
  if (found === undefined) throw new Error("no deployment");
  return found;
}

/** ARN of a model version of the project. */
export function versionArn(version: number): string {
  return `arn:aws:sagemaker:eu-west-1:123456789012:model-package/mlops-churn--dev--models/${String(version)}`;
}

/** Error of a call. */
export interface Failure {
  readonly message: string;
  readonly name: string;
}

const idle = [{ stageName: "DeployStaging", actionStates: [{ actionName: "ApproveDeployment" }] }];

/** CodePipeline with these stages and executions, which are about version 3 by default. */
export function codePipeline(
  stages: object[] = idle,
  executions: object[] = [],
  failure?: Failure,
  models: Readonly<Record<string, string>> = {},
) {
  const calls: Record<string, unknown[]> = {};
  const record = (operation: string, input: unknown) => (calls[operation] ??= []).push(input);
  return {
    calls,
    getPipelineExecution: ({ pipelineExecutionId }: { pipelineExecutionId: string }) => {
      const resolvedValue = models[pipelineExecutionId] ?? versionArn(3);
      const variables = [{ name: "MODEL_PACKAGE_ARN", resolvedValue }];
      return Promise.resolve({ pipelineExecution: { variables } });
    },
    getPipelineState: () => Promise.resolve({ stageStates: stages }),
    listPipelineExecutions: () => Promise.resolve({ pipelineExecutionSummaries: executions }),
    retryStageExecution: (input: unknown) => {
      record("RetryStageExecution", input);
      if (failure === undefined) return Promise.resolve({});
      return Promise.reject(Object.assign(new Error(failure.message), { name: failure.name }));
    },
    startPipelineExecution: (input: unknown) => {
      record("StartPipelineExecution", input);
      return Promise.resolve({ pipelineExecutionId: "e-new" });
    },
  };
}

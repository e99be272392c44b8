"""moto 5.2.5 lacks, of AWS CodePipeline:

- GetPipelineState
- ListActionExecutions
- PutApprovalResult
- RetryStageExecution
- StopPipelineExecution
- CreatePipeline: starts the first execution; InvalidStructureException
- UpdatePipeline: InvalidStructureException
- StartPipelineExecution: executions that are InProgress; moto's are Succeeded at once
- StartPipelineExecution: clientRequestToken, sourceRevisions, checks and defaults of variables
- GetPipelineExecution: artifactRevisions, trigger, executionMode, executionType, rollbackMetadata
- ListPipelineExecutions: sourceRevisions, trigger, executionMode, executionType, stopTrigger
- GetPipeline, ListPipelines, ListPipelineExecutions: dates as numbers; moto answers text

Not for upstream: `simulation`.
"""

from . import actions, executions, retries, simulation, structure


def close() -> None:
    for module in (actions, executions, retries, simulation, structure):
        module.close()

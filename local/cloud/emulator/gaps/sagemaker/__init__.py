"""moto 5.2.5 lacks, of Amazon SageMaker:

- DeleteModelPackage
- DeleteModelPackageGroup
- DescribeImageVersion
- ListPipelineExecutionSteps
- StopPipelineExecution
- StopTrainingJob
- StopTransformJob
- UpdateEndpoint
- AddTags, ListTags: model packages; AddTags replaces a tag of the same key
- CreateModelPackageGroup: ValidationException if the name exists
- CreateModelPackage: ARN of a group; error for Tags of a version; PendingManualApproval
- CreateModelPackage: a new number after the deletion of a version
- UpdateModelPackage: keeps omitted fields
- CreateModel, CreateEndpointConfig, CreateEndpoint: ValidationException if the name exists
- CreateModel: only approved versions; EnableNetworkIsolation, InferenceExecutionConfig
- DescribeModel: omits VpcConfig if it is not set
- CreateEndpointConfig: checks of serverless variants; current instance types; default weight
- CreateEndpointConfig: EnableNetworkIsolation, ExecutionRoleArn, ExplainerConfig, VpcConfig
- CreateEndpointConfig: ShadowProductionVariants
- ListModels, ListEndpointConfigs: pages of 10, newest first; ListModels: NameContains
- CreateEndpoint: status Creating with a pending deployment; checks of DeploymentConfig
- DeleteEndpoint: ValidationException while the endpoint changes
- CreateProcessingJob, CreateTrainingJob: ResourceInUse if the name exists; status InProgress
- CreateTransformJob: the same, and an error for a model that does not exist
- CreateProcessingJob: Environment, ProcessingResources
- CreateTrainingJob: Environment, RetryStrategy; moto invents metrics and their definitions
- CreatePipeline, UpdatePipeline: parse the definition; UpdatePipeline: LastModifiedTime
- DescribePipeline: ARN as name; ResourceNotFound; moto answers ValidationException
- StartPipelineExecution: status Executing; ClientRequestToken; checks and defaults of parameters
- DescribePipelineExecution: FailureReason; ResourceNotFound; no fields that are not set
- ListPipelineExecutions: filters, order and pages

Not for upstream: `simulation`, and the removal of metrics in UpdateEndpoint.
"""

from . import endpoints, images, jobs, model_registry, models, pipeline_executions, pipelines, simulation


def close() -> None:
    for module in (
        endpoints,
        images,
        jobs,
        model_registry,
        models,
        pipeline_executions,
        pipelines,
        simulation,
    ):
        module.close()

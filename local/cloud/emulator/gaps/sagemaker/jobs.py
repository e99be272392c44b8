"""Jobs of Amazon SageMaker, which run until the simulation ends them."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.exceptions import ResourceInUseException, ResourceNotFound
from moto.sagemaker.responses import SageMakerResponse

from .requests import keep

moto_create_processing_job = SageMakerResponse.create_processing_job
moto_create_training_job = SageMakerResponse.create_training_job
moto_create_transform_job = SageMakerResponse.create_transform_job

# Fields of the requests that moto drops.
PROCESSING_FIELDS = ("Environment", "ProcessingResources")
TRAINING_FIELDS = ("Environment", "RetryStrategy")


def close() -> None:
    SageMakerResponse.create_processing_job = create_processing_job
    SageMakerResponse.create_training_job = create_training_job
    SageMakerResponse.create_transform_job = create_transform_job
    SageMakerResponse.stop_training_job = stop_training_job
    SageMakerResponse.stop_transform_job = stop_transform_job


def create_processing_job(self: SageMakerResponse) -> ActionResult:
    # AWS rejects an existing name, and runs the job; moto overwrites, and it is Completed at once.
    jobs = self.sagemaker_backend.processing_jobs
    name = self._get_param("ProcessingJobName")
    refuse_taken(jobs, name)
    answer = moto_create_processing_job(self)
    keep(self, jobs[name], PROCESSING_FIELDS)
    jobs[name].processing_job_status = "InProgress"
    jobs[name].processing_end_time = None
    return answer


def create_training_job(self: SageMakerResponse) -> ActionResult:
    # As above; moto also invents metrics.
    jobs = self.sagemaker_backend.training_jobs
    name = self._get_param("TrainingJobName")
    refuse_taken(jobs, name)
    definitions = self._get_param("AlgorithmSpecification").get("MetricDefinitions")
    answer = moto_create_training_job(self)
    job = jobs[name]
    keep(self, job, TRAINING_FIELDS)
    job.algorithm_specification["MetricDefinitions"] = definitions or []
    job.final_metric_data_list = []
    job.training_job_status = job.secondary_status = "InProgress"
    job.training_end_time = None
    return answer


def create_transform_job(self: SageMakerResponse) -> ActionResult:
    # As above; AWS also rejects a model that does not exist.
    jobs = self.sagemaker_backend.transform_jobs
    name = self._get_param("TransformJobName")
    refuse_taken(jobs, name)
    self.sagemaker_backend.describe_model(self._get_param("ModelName"))
    answer = moto_create_transform_job(self)
    jobs[name].transform_job_status = "InProgress"
    jobs[name].transform_end_time = None
    return answer


def refuse_taken(jobs: dict[str, Any], name: str) -> None:
    if name in jobs:
        raise ResourceInUseException(
            "Job name must be unique within an AWS account and region, and a job with this name "
            f"already exists ({jobs[name].arn})"
        )


def stop_training_job(self: SageMakerResponse) -> EmptyResult:
    # AWS asks the job to end; moto has no StopTrainingJob.
    name = self._get_param("TrainingJobName")
    job = self.sagemaker_backend.training_jobs.get(name)
    if job is None:
        raise ResourceNotFound(f"Training job {name} does not exist.")
    job.training_job_status = job.secondary_status = "Stopping"
    return EmptyResult()


def stop_transform_job(self: SageMakerResponse) -> EmptyResult:
    # As above; moto has no StopTransformJob.
    name = self._get_param("TransformJobName")
    self.sagemaker_backend.describe_transform_job(name)
    self.sagemaker_backend.transform_jobs[name].transform_job_status = "Stopping"
    return EmptyResult()

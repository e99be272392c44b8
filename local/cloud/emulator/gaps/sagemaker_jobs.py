"""SageMaker jobs: processing and training jobs that run until they are played.

Whoever plays the service for a rehearsal tells the emulator how a job ends. AWS has no such
operation; here it is `SageMaker.PlayJob`.
"""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.sagemaker.exceptions import ResourceInUseException, ResourceNotFound
from moto.sagemaker.responses import SageMakerResponse

moto_create_processing_job = SageMakerResponse.create_processing_job
moto_create_training_job = SageMakerResponse.create_training_job

# What moto drops of the requests.
PROCESSING_FIELDS = ("Environment", "ProcessingResources")
TRAINING_FIELDS = ("Environment", "RetryStrategy")


def close() -> None:
    SageMakerResponse.create_processing_job = create_processing_job
    SageMakerResponse.create_training_job = create_training_job
    SageMakerResponse.stop_training_job = stop_training_job
    SageMakerResponse.play_job = play_job


def create_processing_job(self: SageMakerResponse) -> ActionResult:
    # AWS refuses a name that is taken, and the job then runs; moto overwrites, and it is Completed at once.
    jobs = self.sagemaker_backend.processing_jobs
    name = self._get_param("ProcessingJobName")
    refuse_taken(jobs, name)
    answer = moto_create_processing_job(self)
    keep(self, jobs[name], PROCESSING_FIELDS)
    jobs[name].processing_job_status = "InProgress"
    jobs[name].processing_end_time = None
    return answer


def create_training_job(self: SageMakerResponse) -> ActionResult:
    # As above; moto also makes up metrics that no one measured.
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


def refuse_taken(jobs: dict[str, Any], name: str) -> None:
    if name in jobs:
        raise ResourceInUseException(
            "Job name must be unique within an AWS account and region, and a job with this name "
            f"already exists ({jobs[name].arn})"
        )


def keep(response: SageMakerResponse, job: Any, fields: tuple[str, ...]) -> None:
    for field in fields:
        value = response._get_param(field)
        if value is not None:
            setattr(job, camelcase_to_underscores(field), value)


def stop_training_job(self: SageMakerResponse) -> EmptyResult:
    # AWS asks the job to end; moto has no StopTrainingJob.
    name = self._get_param("TrainingJobName")
    job = self.sagemaker_backend.training_jobs.get(name)
    if job is None:
        raise ResourceNotFound(f"Training job {name} does not exist.")
    job.training_job_status = job.secondary_status = "Stopping"
    return EmptyResult()


def play_job(self: SageMakerResponse) -> str:
    """Ends a job: its status, reason and what else DescribeProcessingJob or -TrainingJob tell of it."""
    arn, status = self._get_param("JobArn"), self._get_param("Status")
    kind, name = arn.split(":")[-1].split("/")
    is_training = kind == "training-job"
    backend = self.sagemaker_backend
    job = (backend.training_jobs if is_training else backend.processing_jobs)[name]
    now = job.last_modified_time = utcnow()
    if is_training:
        job.training_job_status = job.secondary_status = status
        job.training_end_time = now
    else:
        job.processing_job_status = status
        job.processing_end_time = now
    for field in ("FailureReason", "ExitMessage"):
        if self._get_param(field) is not None:
            setattr(job, camelcase_to_underscores(field), self._get_param(field))
    return "{}"

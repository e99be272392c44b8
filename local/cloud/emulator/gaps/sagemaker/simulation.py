"""Operations of the emulator itself, which AWS does not have; not for upstream.

SageMaker runs jobs, pipelines and endpoints itself. Here `local/services` simulates them, and
reports progress with `SageMaker.PlayJob`, `.PlayPipelineExecution`, `.PlayEndpoint` and
`.PlayMinute`.
"""

import json
from urllib.parse import urlsplit

from moto.core.request import Request
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import FakeEndpoint, FakeEndpointConfig
from moto.sagemaker.responses import SageMakerResponse

from .. import cloudwatch
from . import endpoints, pipeline_executions

moto_parse_parameters = SageMakerResponse.parse_parameters

ENDED = ("InService", "OutOfService", "Failed", "UpdateRollbackFailed")
STATUSES = endpoints.UNDER_WAY + ENDED
VARIANT_STATUSES = ("Creating", "Updating", "Deleting", "ActivatingTraffic", "Baking")


def close() -> None:
    SageMakerResponse.parse_parameters = parse_parameters
    SageMakerResponse.play_endpoint = play_endpoint
    SageMakerResponse.play_job = play_job
    SageMakerResponse.play_minute = play_minute
    SageMakerResponse.play_pipeline_execution = play_pipeline_execution


def parse_parameters(self: SageMakerResponse, request: Request) -> None:
    # moto reads only parameters of AWS's service model.
    if self._get_action().startswith("Play"):
        self.params = json.loads(request.data)
    else:
        moto_parse_parameters(self, request)


def play_minute(self: SageMakerResponse) -> str:
    """Sets how many milliseconds one simulated minute of a metric's period lasts."""
    cloudwatch.minute = float(self._get_param("Milliseconds"))
    return "{}"


def play_endpoint(self: SageMakerResponse) -> str:
    """Sets an endpoint's status, configuration in service and URL of the model server (StandIn)."""
    endpoint = endpoints.endpoint_named(self.sagemaker_backend, self._get_param("EndpointName"))
    status = self._get_param("EndpointStatus") or endpoint.endpoint_status
    if status not in STATUSES:
        raise ValidationError(f"EndpointStatus must be one of {STATUSES}, got {status}")
    stand_in = self._get_param("StandIn")
    if stand_in and urlsplit(stand_in).hostname != "127.0.0.1":
        raise ValidationError(f"StandIn must be on 127.0.0.1, got {stand_in}")
    pending = (endpoint.pending_deployment_summary or {}).get("EndpointConfigName")
    updated = pending if status == "InService" else None
    in_service = self._get_param("EndpointConfigName") or updated
    if in_service is not None:
        put_in_service(endpoint, endpoints.config_named(self.sagemaker_backend, in_service))
    if status in ENDED:
        endpoint.pending_deployment_summary = None
    endpoint.endpoint_status = status
    variant_status = self._get_param("VariantStatus")
    if variant_status is not None:
        if variant_status not in VARIANT_STATUSES or endpoint.pending_deployment_summary is None:
            allowed = ", ".join(VARIANT_STATUSES)
            raise ValidationError(f"VariantStatus of a pending deployment: one of {allowed}")
        endpoints.show_variant(endpoint, variant_status)
    for field in ("FailureReason", "StandIn"):
        if self._get_param(field) is not None:
            setattr(endpoint, camelcase_to_underscores(field), self._get_param(field) or None)
    endpoint.last_modified_time = utcnow()
    return "{}"


def put_in_service(endpoint: FakeEndpoint, config: FakeEndpointConfig) -> None:
    endpoint.endpoint_config_name = config.endpoint_config_name
    endpoint.production_variants = endpoint._process_production_variants(config.production_variants)
    capture = config.data_capture_config
    endpoint.data_capture_config = capture and {
        "EnableCapture": capture.get("EnableCapture", False),
        "CaptureStatus": "Started" if capture.get("EnableCapture") else "Stopped",
        "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
        "DestinationS3Uri": capture["DestinationS3Uri"],
        "KmsKeyId": capture.get("KmsKeyId", ""),
    }


def play_job(self: SageMakerResponse) -> str:
    """Ends a job with a status, and a reason if it failed."""
    arn, status = self._get_param("JobArn"), self._get_param("Status")
    kind, name = arn.split(":")[-1].split("/")
    prefix = kind.removesuffix("-job")
    job = getattr(self.sagemaker_backend, f"{prefix}_jobs")[name]
    now = job.last_modified_time = utcnow()
    setattr(job, f"{prefix}_job_status", status)
    setattr(job, f"{prefix}_end_time", now)
    if prefix == "training":
        job.secondary_status = status
    for field in ("FailureReason", "ExitMessage"):
        if self._get_param(field) is not None:
            setattr(job, camelcase_to_underscores(field), self._get_param(field))
    return "{}"


def play_pipeline_execution(self: SageMakerResponse) -> str:
    """Sets the status of a pipeline execution, of one of its steps, or both."""
    execution = pipeline_executions.execution_of(
        self.sagemaker_backend.pipelines, self._get_param("PipelineExecutionArn")
    )
    step = self._get_param("Step")
    if step is not None:
        known = execution.steps.setdefault(step["StepName"], {"StartTime": utcnow()})
        known.update(step)
        if step["StepStatus"] in pipeline_executions.ENDED:
            known["EndTime"] = utcnow()
    status = self._get_param("PipelineExecutionStatus")
    if status is not None:
        pipeline_executions.set_status(execution, status)
        execution.pipeline_execution_failure_reason = self._get_param("FailureReason")
    return "{}"

"""SageMaker Pipelines: names, ARNs and definitions."""

import json
from typing import Any

from moto.core.utils import utcnow
from moto.sagemaker import models, utils
from moto.sagemaker.exceptions import ResourceNotFound, ValidationError
from moto.sagemaker.models import FakePipeline, SageMakerModelBackend

moto_create_pipeline = SageMakerModelBackend.create_pipeline
moto_update_pipeline = SageMakerModelBackend.update_pipeline


def close() -> None:
    for module in (models, utils):
        module.get_pipeline_from_name = pipeline_named
    SageMakerModelBackend.create_pipeline = create_pipeline
    SageMakerModelBackend.update_pipeline = update_pipeline


def pipeline_named(pipelines: dict[str, FakePipeline], pipeline_name: str) -> FakePipeline:
    # AWS takes a name or an ARN, and answers ResourceNotFound; moto a name, ValidationException.
    pipeline = pipelines.get(pipeline_name.split("/")[-1])
    if pipeline is None:
        raise ResourceNotFound(f"Pipeline '{pipeline_name}' does not exist.")
    return pipeline


def create_pipeline(self: SageMakerModelBackend, pipeline_name: str, **kwargs: Any) -> FakePipeline:
    # AWS parses the definition; moto takes any text, and repeats botocore's prefix in the error.
    if pipeline_name in self.pipelines:
        raise ValidationError(
            "Pipeline names must be unique within an AWS account and region. "
            f"Pipeline with name ({pipeline_name}) already exists."
        )
    check_definition(kwargs["pipeline_definition"])
    pipeline = moto_create_pipeline(self, pipeline_name=pipeline_name, **kwargs)
    store_as_text(pipeline)
    return pipeline


def update_pipeline(self: SageMakerModelBackend, pipeline_name: str, **kwargs: Any) -> str:
    # AWS parses the definition and sets LastModifiedTime; moto does neither.
    pipeline = pipeline_named(self.pipelines, pipeline_name)
    check_definition(kwargs["pipeline_definition"])
    arn = moto_update_pipeline(self, pipeline_name=pipeline.pipeline_name, **kwargs)
    store_as_text(pipeline)
    pipeline.last_modified_time = utcnow()
    return arn


def check_definition(text: str | None) -> None:
    if text is None:
        return
    try:
        steps = json.loads(text).get("Steps")
    except (ValueError, AttributeError) as error:
        raise ValidationError(f"Unable to parse pipeline definition. {error}") from error
    if not isinstance(steps, list) or not steps:
        raise ValidationError("Unable to parse pipeline definition. Expecting a list of Steps.")


def store_as_text(pipeline: FakePipeline) -> None:
    # AWS keeps the text; moto keeps an object where the definition came from S3.
    if not isinstance(pipeline.pipeline_definition, str):
        pipeline.pipeline_definition = json.dumps(pipeline.pipeline_definition)

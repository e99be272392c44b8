"""Upload of the job inputs to S3, and create or update of the SageMaker pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from pipelines.settings import Settings


def upload_inputs(s3: Any, settings: Settings, inputs: Mapping[str, bytes]) -> None:
    """Uploads with the project key; the bucket policy denies any other key."""
    for uri, content in inputs.items():
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId=settings.bucket_kms_id,
        )


def upsert_pipeline(sagemaker: Any, settings: Settings, definition: str) -> None:
    """Creates the pipeline, or updates it if it exists.

    The SDK's own upsert calls IAM to read the role, which the build role does not allow.
    """
    request = {
        "PipelineName": settings.pipeline_name,
        "PipelineDescription": settings.pipeline_description,
        "PipelineDefinition": definition,
        "RoleArn": settings.role,
    }
    if not _exists(sagemaker, settings.pipeline_name):
        sagemaker.create_pipeline(**request, Tags=settings.tags)
        return
    arn = sagemaker.update_pipeline(**request)["PipelineArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=settings.tags)


def _exists(sagemaker: Any, name: str) -> bool:
    try:
        sagemaker.describe_pipeline(PipelineName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFound":
            return False
        raise
    return True

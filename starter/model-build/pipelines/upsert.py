"""Puts the pipeline and what its jobs read into the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from pipelines.settings import Settings


def upload(s3: Any, settings: Settings, inputs: Mapping[str, bytes]) -> None:
    """Uploads under the project's key; anything else is refused by the bucket's policy."""
    for uri, content in inputs.items():
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId=settings.bucket_kms_id,
        )


def upsert(sagemaker: Any, settings: Settings, definition: str) -> None:
    """Creates the pipeline, or updates it where it stands.

    The SDK's own upsert asks IAM about the role first, which the build may not do.
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

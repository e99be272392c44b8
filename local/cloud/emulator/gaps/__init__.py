"""Operations and behaviours of AWS that moto lacks: one module per AWS service.

The docstring of each module lists them with the version of moto. No patch makes the emulator more
permissive than AWS.
"""

from . import (
    application_autoscaling,
    cloudwatch,
    codebuild,
    codecommit,
    codepipeline,
    ecr,
    iam,
    kms,
    logs,
    s3,
    sagemaker,
    sagemaker_runtime,
    scheduler,
    sqs,
)

SERVICES = (
    application_autoscaling,
    cloudwatch,
    codebuild,
    codecommit,
    codepipeline,
    ecr,
    iam,
    kms,
    logs,
    s3,
    sagemaker,
    sagemaker_runtime,
    scheduler,
    sqs,
)


def close_all() -> None:
    """Patches moto; call it before the first request."""
    for service in SERVICES:
        service.close()

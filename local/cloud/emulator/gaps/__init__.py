"""What moto 5.2.5 lacks for this project, one module per AWS service.

No patch makes the emulator more permissive than AWS.
"""

from . import (
    application_autoscaling,
    bucket_policy,
    cloudwatch,
    codebuild,
    codecommit,
    codecommit_branches,
    codecommit_files,
    codecommit_git,
    codepipeline,
    codepipeline_actions,
    codepipeline_retries,
    codepipeline_structure,
    ecr,
    kms,
    logs,
    s3,
    s3_objects,
    sagemaker,
    sagemaker_endpoints,
    sagemaker_jobs,
    sagemaker_models,
    sagemaker_pipelines,
    sagemaker_runtime,
    scheduler,
    sqs,
)

MODULES = (
    application_autoscaling,
    bucket_policy,
    cloudwatch,
    codebuild,
    codecommit,
    codecommit_branches,
    codecommit_files,
    codecommit_git,
    codepipeline,
    codepipeline_actions,
    codepipeline_retries,
    codepipeline_structure,
    ecr,
    kms,
    logs,
    s3,
    s3_objects,
    sagemaker,
    sagemaker_endpoints,
    sagemaker_jobs,
    sagemaker_models,
    sagemaker_pipelines,
    sagemaker_runtime,
    scheduler,
    sqs,
)


def close_all() -> None:
    """Every gap is closed once this returns; call it before the first request."""
    for module in MODULES:
        module.close()

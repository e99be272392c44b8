"""Environment variables of a local run: placeholders, so that no account is read or changed."""

from __future__ import annotations

COMMIT = "0" * 40
EXECUTION = "local"

# SETTINGS has each variable without a default. DATA_S3_URI is empty: the sample data.
SETTINGS = {
    "ARTIFACT_BUCKET": "local-artifacts",
    "ARTIFACT_BUCKET_KMS_ID": "arn:aws:kms:us-east-1:123456789012:key/local",
    "AWS_REGION": "us-east-1",
    "DATA_S3_URI": "",
    "MODEL_PACKAGE_GROUP_NAME": "local-models",
    "SAGEMAKER_PIPELINE_NAME": "local-training",
    "SAGEMAKER_PIPELINE_ROLE_ARN": "arn:aws:iam::123456789012:role/local",
    "SAGEMAKER_PROJECT_ID": "local",
    "SAGEMAKER_PROJECT_NAME": "local",
}

# The SDK creates clients at import; with these it reads no credentials of this machine.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}

# Parameters of the pipeline that have no default value.
PARAMETERS = {"GitCommit": COMMIT, "CodePipelineExecutionId": EXECUTION}

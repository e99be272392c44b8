"""Environment variables of the builds, with their rules."""

from __future__ import annotations

from deployment.settings import ENDPOINT_NAME, REGION, Setting, count, json_list, text

# Of each build of the deployment pipeline.
PIPELINE = {
    "dlq_arn": text(
        "DEAD_LETTER_QUEUE_ARN",
        "the ARN of an SQS queue",
        "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
        r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:\S+",
    ),
    "model_package_group": text(
        "SOURCE_MODEL_PACKAGE_GROUP_NAME", "the name of a group", "mlops-churn--dev--models"
    ),
    "project_id": text("SAGEMAKER_PROJECT_ID", "the project ID", "dev"),
    "project_name": text("SAGEMAKER_PROJECT_NAME", "the project name", "churn"),
    "region": text("AWS_REGION", "an AWS Region", "us-east-1", REGION),
    "staging_endpoint_name": text(
        "STAGING_ENDPOINT_NAME",
        "the name of an endpoint",
        "mlops-churn--dev--staging",
        ENDPOINT_NAME,
    ),
    "staging_hours": count("STAGING_HOURS", 720, "hours", 24),
    "staging_schedule": text(
        "STAGING_SCHEDULE",
        "the group and the name of a schedule",
        "mlops-churn--dev--staging/delete-endpoint",
        r"[\w.-]{1,64}/[\w.-]{1,64}",
    ),
    "staging_schedule_role_arn": text(
        "STAGING_SCHEDULE_ROLE_ARN",
        "the ARN of an IAM role",
        "arn:aws:iam::123456789012:role/mlops-churn--dev--expire-staging-use1",
        r"arn:aws[a-z-]*:iam::\d{12}:role/.+",
    ),
}

# Of the build of stage Queue.
QUEUE = {
    "notification_topic_arn": text(
        "NOTIFICATION_TOPIC_ARN",
        "the ARN of an SNS topic",
        "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
        r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:\S+",
    ),
    "pipeline_url": text(
        "PIPELINE_URL",
        "the URL of the pipeline",
        "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/NAME/view",
        r"https://\S+",
    ),
}

# Of the builds that deploy a stage.
STAGE = {
    "approval_timeout_minutes": count("APPROVAL_TIMEOUT_MINUTES", 86_400, "minutes", 10_080),
    "artifact_bucket": text(
        "ARTIFACT_BUCKET", "the name of a bucket", "mlops-churn--dev--1a2b3c4d"
    ),
    "endpoint_name": text(
        "ENDPOINT_NAME", "the name of an endpoint", "mlops-churn--dev--staging", ENDPOINT_NAME
    ),
    "key_arn": text(
        "ARTIFACT_BUCKET_KMS_ID",
        "the ARN of a KMS key",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        r"arn:aws[a-z-]*:kms:.+",
    ),
    "maximum_errors": count("MAXIMUM_ERRORS", 1_000_000, "errors in a minute", 0),
    "maximum_latency_milliseconds": count(
        "MAXIMUM_LATENCY_MILLISECONDS", 60_000, "milliseconds", 1000
    ),
    "prod_endpoint_name": text(
        "PROD_ENDPOINT_NAME", "the name of an endpoint", "mlops-churn--dev--prod", ENDPOINT_NAME
    ),
    "role_arn": text(
        "MODEL_EXECUTION_ROLE_ARN",
        "the ARN of an IAM role",
        "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-staging-use1",
        r"arn:aws[a-z-]*:iam::\d{12}:role/.+",
    ),
    "staging_kind": text(
        "STAGING_KIND", "instances or serverless", "instances", "instances|serverless"
    ),
    "security_group_ids": Setting(
        "SECURITY_GROUP_IDS", "must be a JSON list of IDs", '["sg-0a1b2c3d"]', json_list, True
    ),
    "subnet_ids": Setting(
        "SUBNET_IDS", "must be a JSON list of IDs", '["subnet-0a1b2c3d"]', json_list, True
    ),
}

# Of the CodePipeline execution that runs the build.
RUN = {
    "execution_id": text(
        "CODEPIPELINE_EXECUTION_ID",
        "the ID of a pipeline execution",
        "11111111-2222-3333-4444-555555555555",
    ),
    "initiator": text(
        "CODEBUILD_INITIATOR",
        "the CodePipeline that runs the build",
        "codepipeline/mlops-churn--dev--modeldeploy",
        r"codepipeline/\S+",
    ),
}

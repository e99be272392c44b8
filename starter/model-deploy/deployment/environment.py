"""Environment variables of a deployment build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deployment.settings import ENDPOINT_NAME, REGION, Setting, SettingsError, json_list, read, text


@dataclass(frozen=True)
class Environment:
    """What the CodeBuild project and CodePipeline pass to a deployment build."""

    artifact_bucket: str
    endpoint_name: str
    key_arn: str
    model_package_group: str
    prod_endpoint_name: str
    project_id: str
    project_name: str
    region: str
    role_arn: str
    staging_kind: str
    execution_id: str | None
    initiator: str | None
    security_group_ids: list[str] | None
    subnet_ids: list[str] | None

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource of this account and region."""
        _, partition, _, _, account, *_ = self.role_arn.split(":")
        return f"arn:{partition}:{service}:{self.region}:{account}:{resource}"

    def config_arn(self, name: str) -> str:
        """ARN of an endpoint config. SageMaker writes names in ARNs in lower case."""
        return self.arn("sagemaker", f"endpoint-config/{name.lower()}")

    @property
    def pipeline_name(self) -> str:
        """CodePipeline that runs this build."""
        return (self.initiator or "").removeprefix("codepipeline/")

    @property
    def versions_prefix(self) -> str:
        """What the ARN of each model version of the project begins with."""
        return self.arn("sagemaker", f"model-package/{self.model_package_group}/")

    @property
    def deployed_folder(self) -> str:
        """Folder of the deployed models in the artifact bucket."""
        return f"{self.model_package_group}/deployed"

    @property
    def project_tags(self) -> dict[str, str]:
        """Tags of every resource of the project."""
        return {
            "sagemaker:project-id": self.project_id,
            "sagemaker:project-name": self.project_name,
        }

    @property
    def vpc_config(self) -> dict[str, list[str]] | None:
        """Private network of the models."""
        if self.subnet_ids is None or self.security_group_ids is None:
            return None
        return {"SecurityGroupIds": self.security_group_ids, "Subnets": self.subnet_ids}

    def is_serverless(self, stage: str) -> bool:
        """Whether the endpoint of the stage is serverless; only staging can be."""
        return stage == "staging" and self.staging_kind == "serverless"


def read_environment(variables: Mapping[str, str], *, needs_run: bool = True) -> Environment:
    """Reads all variables; those of the pipeline execution only if `needs_run`.

    Raises SettingsError with all problems.
    """
    values, problems = read(VARIABLES, variables)
    run, found = read(RUN, variables)
    if needs_run:
        problems += found
    if bool(variables.get("SUBNET_IDS")) != bool(variables.get("SECURITY_GROUP_IDS")):
        got = "SUBNET_IDS" if variables.get("SUBNET_IDS") else "SECURITY_GROUP_IDS"
        rule = 'must both be set, or none (e.g. ["subnet-0a1b2c3d"] and ["sg-0a1b2c3d"])'
        problems.append(f"SUBNET_IDS and SECURITY_GROUP_IDS {rule}, got only {got}")
    if problems:
        raise SettingsError("the environment of the deployment", problems)
    none = dict.fromkeys(RUN)
    return Environment(**{**none, **values, **run})


VARIABLES = {
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
    "model_package_group": text(
        "SOURCE_MODEL_PACKAGE_GROUP_NAME", "the name of a group", "mlops-churn--dev--models"
    ),
    "prod_endpoint_name": text(
        "PROD_ENDPOINT_NAME", "the name of an endpoint", "mlops-churn--dev--prod", ENDPOINT_NAME
    ),
    "project_id": text("SAGEMAKER_PROJECT_ID", "the project ID", "dev"),
    "project_name": text("SAGEMAKER_PROJECT_NAME", "the project name", "churn"),
    "region": text("AWS_REGION", "an AWS Region", "us-east-1", REGION),
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

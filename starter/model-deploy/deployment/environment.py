"""Environment variables of a deployment build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployment.settings import Setting, SettingsError, read
from deployment.variables import PIPELINE, QUEUE, RUN, STAGE


@dataclass(frozen=True)
class PipelineBuild:
    """What CodeBuild projects and CodePipeline pass to each build of the deployment pipeline."""

    dlq_arn: str
    model_package_group: str
    project_id: str
    project_name: str
    region: str
    staging_endpoint_name: str
    staging_hours: int
    staging_schedule: str
    staging_schedule_role_arn: str
    execution_id: str | None
    initiator: str | None

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource of this account and region."""
        _, partition, _, _, account, *_ = self.dlq_arn.split(":")
        return f"arn:{partition}:{service}:{self.region}:{account}:{resource}"

    @property
    def partition(self) -> str:
        """AWS partition."""
        return self.dlq_arn.split(":")[1]

    @property
    def pipeline_name(self) -> str:
        """CodePipeline that runs this build."""
        return (self.initiator or "").removeprefix("codepipeline/")

    @property
    def versions_prefix(self) -> str:
        """What the ARN of each model version of the project begins with."""
        return self.arn("sagemaker", f"model-package/{self.model_package_group}/")


@dataclass(frozen=True)
class QueueEnvironment(PipelineBuild):
    """What the build of stage Queue gets."""

    notification_topic_arn: str
    pipeline_url: str


@dataclass(frozen=True)
class Environment(PipelineBuild):
    """What a deployment build gets."""

    approval_timeout_minutes: int
    artifact_bucket: str
    endpoint_name: str
    key_arn: str
    maximum_errors: int
    maximum_latency_milliseconds: int
    prod_endpoint_name: str
    role_arn: str
    staging_kind: str
    security_group_ids: list[str] | None
    subnet_ids: list[str] | None

    def config_arn(self, name: str) -> str:
        """ARN of an endpoint config. SageMaker writes names in ARNs in lower case."""
        return self.arn("sagemaker", f"endpoint-config/{name.lower()}")

    @property
    def deployed_folder(self) -> str:
        """Folder of the deployed models in the artifact bucket."""
        return f"{self.model_package_group}/deployed"

    @property
    def metric_namespace(self) -> str:
        """Namespace of the metrics that deployments send: the alarm of the verdict reads it."""
        return f"ModelDeploy/{self.endpoint_name}"

    @property
    def verdict_alarm(self) -> str:
        """CloudWatch alarm of the stack that rolls back an update."""
        return f"{self.endpoint_name}-canary-verdict"

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
    values, problems = _read(STAGE, variables, needs_run=needs_run)
    if bool(variables.get("SUBNET_IDS")) != bool(variables.get("SECURITY_GROUP_IDS")):
        got = "SUBNET_IDS" if variables.get("SUBNET_IDS") else "SECURITY_GROUP_IDS"
        rule = 'must both be set, or none (e.g. ["subnet-0a1b2c3d"] and ["sg-0a1b2c3d"])'
        problems.append(f"SUBNET_IDS and SECURITY_GROUP_IDS {rule}, got only {got}")
    if problems:
        raise SettingsError("the environment of the deployment", problems)
    return Environment(**values)


def read_queue_environment(variables: Mapping[str, str]) -> QueueEnvironment:
    """Reads the variables of stage Queue; raises SettingsError with all problems."""
    values, problems = _read(QUEUE, variables, needs_run=True)
    if problems:
        raise SettingsError("the environment of the queue build", problems)
    return QueueEnvironment(**values)


def _read(
    settings: Mapping[str, Setting], variables: Mapping[str, str], *, needs_run: bool
) -> tuple[dict[str, Any], list[str]]:
    values, problems = read({**PIPELINE, **settings}, variables)
    run, found = read(RUN, variables)
    return {**dict.fromkeys(RUN), **values, **run}, problems + (found if needs_run else [])

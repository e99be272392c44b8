"""Deployment of one stage, from the environment of a build to its facts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deployment.api import Aws, create_clients, say
from deployment.archive import copy_archive, verify_copy
from deployment.canary import Canary
from deployment.decide import Decision, Question, decide, existing_version, must_be_deployable
from deployment.endpoint import Endpoint, Version, must_be_own
from deployment.environment import Environment, read_environment
from deployment.executions import executions_ahead, own_execution, stop_execution
from deployment.handover import Served, read_handover, tested, with_expiry, write_facts
from deployment.image import image_by_digest
from deployment.plan import Plan, plan_for, settings_hash
from deployment.registry import ModelVersion, container_of, must_support
from deployment.replay import replay_of
from deployment.rollout import Rollout, roll_out
from deployment.stage_config import StageConfig, read_stage_config
from deployment.staging_expiry import renew_deletion, schedule_deletion

# Exit status of a build whose update SageMaker has rolled back; the notifications know it.
ROLLED_BACK = 98


def decide_only(variables: Mapping[str, str], folder: Path, arn: str | None) -> int:
    """Says what a deployment would do, and changes nothing."""
    environment = read_environment(variables, needs_run=arn is None)
    configs = _configs(folder)
    aws = create_clients(environment.region)
    decision = _decision(aws, environment, configs, arn)
    say(f"Nothing to deploy: {decision.nothing}." if decision.nothing else _subject(decision))
    return 0


def deploy_stage(stage: str, variables: Mapping[str, str], folder: Path) -> int:
    """Deploys one stage; returns the exit status."""
    environment = read_environment(variables)
    # Staging reads production's file too: a mistake in it shows before the approval.
    configs = _configs(folder)
    say(f"Deploy to {stage}: endpoint {environment.endpoint_name}.")
    aws = create_clients(environment.region)
    if stage == "staging":
        decision = _decision(aws, environment, configs, None)
        if decision.version is None:
            return _stop(aws, environment, folder, decision)
        say(_subject(decision))
        version, served = decision.version, _copied(aws, environment, decision.version)
        must_be_own(aws, environment)
        expiry = schedule_deletion(aws, environment, environment.approval_timeout_minutes)
        handover = with_expiry(decision.handover, expiry)
    else:
        handover = read_handover(variables)
        version, served = _tested(aws, environment, handover)
        _must_support(environment, {stage: configs[stage]}, version)
        renew_deletion(aws, environment)
    rollout = _rollout(aws, environment, stage, configs, version, served)
    end = roll_out(aws, environment, configs[stage], rollout)
    text = f"version {version.number} on {environment.endpoint_name}"
    if end == "rolled back":
        say(f"Rolled back: {text} failed, the previous version serves.")
        return ROLLED_BACK
    write_facts(folder, {**handover, "container": served.as_json()}, text, str(version.number))
    if end == "unchanged":
        _stop_automatic(aws, environment, text)
    say(f"Deployed: {text}{' (unchanged)' if end == 'unchanged' else ''}.")
    return 0


def _rollout(
    aws: Aws,
    environment: Environment,
    stage: str,
    configs: dict[str, StageConfig],
    version: ModelVersion,
    served: Served,
) -> Rollout:
    config = configs[stage]

    def make_plan(running: Endpoint | None, before: Version | None, instances: int) -> Plan:
        of = (version.arn, version.number)
        return plan_for(stage, config, environment, of, served, running, before, instances)

    def make_canary(config_name: str) -> Canary | None:
        # The test judges staging, unless its config file has a traffic shift.
        if stage == "staging" and config.shift is None:
            return None
        replay = replay_of(aws, environment, version, configs["staging"].test)
        return Canary(aws, environment, config_name, config.shift, replay)

    return Rollout(version.number, make_plan, make_canary)


def _tested(
    aws: Aws, environment: Environment, handover: Mapping[str, Any]
) -> tuple[ModelVersion, Served]:
    """The version that staging tested, with the same image and archive."""
    version = existing_version(aws, environment, handover["modelPackageArn"])
    must_be_deployable(version)
    folder = _folder_of(environment, version)
    served = tested(handover, version, environment.artifact_bucket, folder)
    verify_copy(aws, served.archive)
    say(f"Version {version.number}: image and archive are those that staging tested.")
    return version, served


def _configs(folder: Path) -> dict[str, StageConfig]:
    return {stage: read_stage_config(folder, stage) for stage in ("staging", "prod")}


def _decision(
    aws: Aws, environment: Environment, configs: dict[str, StageConfig], arn: str | None
) -> Decision:
    endpoints = {"prod": environment.prod_endpoint_name, "staging": environment.endpoint_name}
    settings = {
        stage: settings_hash(stage, configs[stage], environment, endpoint)
        for stage, endpoint in endpoints.items()
    }
    trigger, ahead = "", []
    if arn is None:
        arn, trigger = own_execution(aws, environment)
        ahead = list(executions_ahead(aws, environment))
    decision = decide(aws, environment, Question(arn, trigger, ahead, settings))
    if decision.version is not None:
        _must_support(environment, configs, decision.version)
    return decision


def _must_support(
    environment: Environment, configs: dict[str, StageConfig], version: ModelVersion
) -> None:
    """Raises DeploymentError unless the version lists the instance types of the stages."""
    must_support(
        version,
        {
            f"{stage}-config.json": config.instance_type
            for stage, config in configs.items()
            if not environment.is_serverless(stage)
        },
    )


def _subject(decision: Decision) -> str:
    facts: dict[str, Any] = decision.handover
    if facts["reason"] == "approved":
        return f"Version {facts['modelVersion']} is approved: it is deployed."
    rejected = facts["rejectedModelPackageArn"].rpartition("/")[2]
    return f"Version {rejected} is rejected: version {facts['modelVersion']} is deployed again."


def _stop(aws: Aws, environment: Environment, folder: Path, decision: Decision) -> int:
    text = f"nothing to deploy: {decision.nothing}"
    write_facts(folder, decision.handover, text, "")
    stop_execution(aws, environment, text)
    say(f"{text.capitalize()}.")
    return 0


def _stop_automatic(aws: Aws, environment: Environment, text: str) -> None:
    """CodePipeline repeats the last deployment after a failure, which was reported: no success."""
    if own_execution(aws, environment)[1] == "AutomatedRollback":
        stop_execution(aws, environment, f"unchanged: {text}")


def _copied(aws: Aws, environment: Environment, version: ModelVersion) -> Served:
    container = container_of(version)
    image = image_by_digest(aws, container.image, container.digest)
    archive = copy_archive(
        aws,
        container.archive,
        version.registered,
        environment.artifact_bucket,
        _folder_of(environment, version),
    )
    return Served(image, archive, container.environment)


def _folder_of(environment: Environment, version: ModelVersion) -> str:
    return f"{environment.deployed_folder}/{version.number}"

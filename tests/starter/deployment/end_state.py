"""Resources in AWS after a deployment, to compare deployments."""

from __future__ import annotations

import difflib
import hashlib
import json
from typing import Any

import account
import emulated

# Differ between two runs that do the same.
_TIMES_AND_IDS = "time arn alarm_id timestamp updated state_ last_modified _date"


def end_state(handover: dict[str, Any] | None, *, has_copies: bool = True) -> str:
    """Endpoints, models, configs, alarms, scaling, deployed copies and deployment.json, as JSON."""
    sagemaker = emulated.backend("sagemaker")
    copies = _copies() if has_copies else {}
    state = {
        "endpoints": _resources(sagemaker.endpoints),
        "configs": _resources(sagemaker.endpoint_configs),
        "models": _resources(sagemaker._models),
        "registry": _stages(sagemaker.model_packages),
        "alarms": _alarms(),
        "scaling": _scaling(),
        "deployed copies": {key: list(versions.values()) for key, versions in copies.items()},
        "executions": _executions(),
        "schedules": _schedules(),
        "notifications": _notifications(),
        "deployment.json": _named_version(handover, copies),
    }
    return json.dumps(state, indent=1, sort_keys=True, default=str)


def difference(expected: str, got: str) -> str:
    """The lines that differ."""
    lines = difflib.unified_diff(
        expected.splitlines(), got.splitlines(), "undisturbed", "this", n=2
    )
    return "\n".join(list(lines)[:40])


def _resources(found: dict[str, Any]) -> dict[str, Any]:
    return {name: _facts(resource) for name, resource in found.items()}


def _facts(resource: Any) -> dict[str, Any]:
    facts = {
        name: value
        for name, value in vars(resource).items()
        if not any(word in name for word in _TIMES_AND_IDS.split())
    }
    # A rollback leaves its reason behind until the next update.
    facts.pop("failure_reason", None)
    if facts.get("tags"):
        facts["tags"] = sorted((tag["Key"], tag["Value"]) for tag in facts["tags"])
    return facts


def _stages(packages: dict[str, Any]) -> dict[str, str]:
    """Life-cycle stage of each version that has one; the time in its description differs."""
    cycles = {arn: package.kept.get("ModelLifeCycle") for arn, package in packages.items()}
    return {arn: f"{it['Stage']} {it['StageStatus']}" for arn, it in cycles.items() if it}


def _alarms() -> list[Any]:
    """Autoscaling gives its alarms random names."""
    backend = emulated.backend("cloudwatch")
    found = []
    for name, alarm in backend.alarms.items():
        facts = {
            "name": name[: name.rindex("-Alarm") + 10] if name.startswith("Target") else name,
            "metric": alarm.metric_name,
            "threshold": alarm.threshold,
            "periods": (alarm.period, alarm.evaluation_periods),
            "dimensions": [(it.name, it.value) for it in alarm.dimensions],
            "actions": len(alarm.alarm_actions),
            "tags": backend.tagger.get_tag_dict_for_resource(alarm.alarm_arn),
        }
        found.append(facts)
    return sorted(found, key=lambda facts: facts["name"])


def _scaling() -> dict[str, Any]:
    backend = emulated.backend("applicationautoscaling")
    targets = {
        resource: (target.min_capacity, target.max_capacity)
        for of_dimension in backend.targets.values()
        for resource, target in of_dimension.items()
    }
    policies = {
        policy.policy_name: (policy.resource_id, policy._policy_body)
        for policy in backend.policies.values()
    }
    return {"targets": targets, "policies": policies}


def _copies() -> dict[str, dict[str, str]]:
    """SHA-256 of each version of each deployed copy, by key and version id."""
    keys = emulated.backend("s3").buckets[account.BUCKET].keys
    return {
        name: {version.version_id: _sha256(version) for version in keys.getlist(name)}
        for name in sorted(keys)
        if name.startswith(f"{account.GROUP}/deployed/")
    }


def _sha256(version: Any) -> str:
    content = getattr(version, "value", None)
    return "delete marker" if content is None else hashlib.sha256(content).hexdigest()


def _executions() -> list[str]:
    executions = emulated.backend("codepipeline").pipelines[account.PIPELINE].executions
    return [execution.status for execution in executions.values()]


def _schedules() -> Any:
    """Whether each schedule is due; its exact time differs.

    Without a server, the emulator does not see ActionAfterCompletion of an update.
    """
    groups = emulated.backend("scheduler").schedule_groups
    now = f"at({emulated.now():%Y-%m-%dT%H:%M:%S})"
    hidden = {"action_after_completion": None, "schedule_expression": None}
    return {
        name: {**facts, **hidden, "is due": facts["schedule_expression"] < now}
        for group in groups.values()
        for name, facts in _resources(group.schedules).items()
    }


def _notifications() -> list[str]:
    """Each message once: SNS may deliver one again."""
    topics = emulated.backend("sns").topics.values()
    return sorted({message for topic in topics for _, message, *_ in topic.sent_notifications})


def _named_version(handover: dict[str, Any] | None, copies: dict[str, Any]) -> Any:
    """Version ids are random: the id of the existing version is written as `current`."""
    if handover is None or "container" not in handover:
        return handover
    archive = handover["container"]["archive"]
    exists = archive["versionId"] in copies.get(archive["key"], {})
    until = {"stagingUntil": "a time"} if "stagingUntil" in handover else {}
    named = {**archive, "versionId": "current" if exists else archive["versionId"]}
    return {**handover, **until, "container": {**handover["container"], "archive": named}}

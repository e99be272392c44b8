"""Config file of a stage: staging-config.json or prod-config.json."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.settings import (
    Setting,
    SettingsError,
    json_file,
    number,
    read,
    read_group,
    text,
    unknown_keys,
    whole,
)

_MAX_SHIFT_MINUTES = 8 * 60


@dataclass(frozen=True)
class Shift:
    """How the traffic moves to a new version: in two steps (canary) or in equal steps (linear)."""

    kind: str
    percent: int
    minutes: int

    @property
    def waits(self) -> int:
        """Waits between the steps until all traffic has moved."""
        return 1 if self.kind == "canary" else -(-100 // self.percent) - 1


@dataclass(frozen=True)
class StageConfig:
    """How the endpoint of one stage is."""

    instance_type: str
    instance_count: int
    autoscaling: dict[str, int] | None
    sampling_percentage: int | None
    shift: Shift | None
    serverless: dict[str, int]
    # Thresholds of the test, which a canary uses too. They do not shape the endpoint.
    test: dict[str, Any]


def read_stage_config(folder: Path, stage: str) -> StageConfig:
    """Reads the file of a stage; raises SettingsError with all problems."""
    file = f"{stage}-config.json"
    content, problems = json_file(folder / file)
    if problems:
        raise SettingsError(file, problems)
    values, problems = read(INSTANCES, content)
    content, found = _without_moved(content)
    problems += found
    groups: dict[str, dict[str, Any] | None] = {}
    known = GROUPS if stage == "prod" else {**GROUPS, "serverless": SERVERLESS, "test": TEST}
    for name, settings in known.items():
        groups[name], found = read_group(name, settings, content, "")
        problems += found
    names = [*(setting.name for setting in INSTANCES.values()), *known]
    problems += unknown_keys(content, names, "")
    if not problems:
        problems = _number_problems(values["instance_count"], groups, stage)
    if problems:
        raise SettingsError(file, problems)
    kind = next((it for it in ("canary", "linear") if groups[it]), None)
    capture = groups["dataCapture"]
    return StageConfig(
        **values,
        autoscaling=groups["autoscaling"],
        sampling_percentage=capture["sampling_percentage"] if capture else None,
        shift=Shift(kind, **(groups[kind] or {})) if kind else None,
        serverless=groups.get("serverless") or read(SERVERLESS, {})[0],
        test=groups.get("test") or read(TEST, {})[0],
    )


def _without_moved(content: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The content without limits that the stack has now, and a problem for each."""
    problems: list[str] = []
    for group in ("canary", "linear"):
        settings = content.get(group)
        if not isinstance(settings, dict):
            continue
        for name in sorted(_MOVED & settings.keys()):
            place = f"the stack config has it as deploy.alarms.{name}, for all canaries and alarms"
            problems.append(f"{group}.{name} is not a setting of this file: {place}")
        kept = {name: value for name, value in settings.items() if name not in _MOVED}
        content = {**content, group: kept}
    return content, problems


# Limits of a canary: the CloudWatch alarms of the stack have the same ones.
_MOVED = {"maximumErrors", "maximumLatencyMilliseconds"}


def _number_problems(
    instances: int, groups: dict[str, dict[str, Any] | None], stage: str
) -> list[str]:
    """What must hold between the numbers."""
    problems: list[str] = []
    scaling, linear = groups["autoscaling"], groups["linear"]
    shifts = [name for name in ("canary", "linear") if groups[name]]
    if len(shifts) > 1:
        problems.append('canary and linear exclude each other (e.g. {"linear": {...}}), got both')
    if instances < 2 and (stage == "prod" or shifts):
        why = "in production: one may fail" if stage == "prod" else f"with {shifts[0]}"
        problems.append(f"instanceCount must be at least 2 {why} (e.g. 2), got {instances}")
    if linear and Shift("linear", **linear).waits * linear["minutes"] > _MAX_SHIFT_MINUTES - 60:
        rule = "must move all traffic within 7 hours with linear.percent"
        problems.append(f"linear.minutes {rule} (e.g. 5), got {linear['minutes']}")
    if scaling is None:
        return problems
    low, high = scaling["minimum"], scaling["maximum"]
    if stage == "prod" and low < 2:
        rule = "must be at least 2 in production: one may fail"
        problems.append(f"autoscaling.minimum {rule} (e.g. 2), got {low}")
    if low > high:
        rule = "must be at least autoscaling.minimum"
        problems.append(f"autoscaling.maximum {rule} (e.g. {low}), got {high}")
    elif not low <= instances <= high:
        rule = "must be from autoscaling.minimum to autoscaling.maximum"
        problems.append(f"instanceCount {rule} (e.g. {low}), got {instances}")
    return problems


INSTANCES = {
    "instance_type": text(
        "instanceType",
        "an instance type of SageMaker hosting",
        "ml.m5.large",
        r"ml\.[a-z0-9-]+\.[a-z0-9]+",
    ),
    "instance_count": whole("instanceCount", 1, 1000, "instances", 2),
}


def _shift(smallest: int) -> dict[str, Setting]:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
    return {
        "percent": whole("percent", smallest, 50, "percent", 10, 10),
        # A verdict needs minutes; SageMaker waits at most one hour.
        "minutes": whole("minutes", 3, 60, "minutes", 5, 5),
    }


GROUPS = {
    "autoscaling": {
        "minimum": whole("minimum", 1, 1000, "instances", 2),
        "maximum": whole("maximum", 1, 1000, "instances", 4),
        "invocations_per_instance": whole(
            "invocationsPerInstance", 1, 1_000_000, "invocations per minute", 500
        ),
    },
    # Below, the replayed requests of a canary would be too few.
    "canary": _shift(5),
    "dataCapture": {
        "sampling_percentage": whole("samplingPercentage", 0, 100, "percent", 20),
    },
    "linear": _shift(10),
}

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
SERVERLESS = {
    "memory": whole("memoryGigabytes", 1, 6, "gigabytes", 2, 2),
    "concurrency": whole("maximumConcurrency", 1, 200, "invocations at once", 5, 5),
}

_SHARE = "must be a number from 0 to 1"
TEST = {
    "minimum_agreement": Setting("minimumAgreement", _SHARE, "1", number(0, 1), True, 1),
    "tolerance": Setting(
        "tolerance", "must be a number of at least 0", "0.000001", number(0), True, 0.000001
    ),
    "minimum_accuracy": Setting("minimumAccuracy", _SHARE, "0.9", number(0, 1), True),
    "maximum_latency_milliseconds": Setting(
        "maximumLatencyMilliseconds", "must be a number of at least 1", "500", number(1), True
    ),
}

"""Plan of a trial: the definition of a pull request, without registration, within the limit.

The definition comes from code before its merge: here it is data, and no text of it is run.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass
from typing import Any

from pipelines.trial.errors import TrialError

# A pipeline definition has at most 1 MB, and the inputs are scripts and a sample.
MOST_BYTES = 50_000_000
# Steps that run no instance. A trial has no gate: Evaluate writes the figures before it.
LEFT_OUT = {"Condition", "Fail", "RegisterModel"}
CLUSTERS = {
    "Processing": lambda request: request["ProcessingResources"]["ClusterConfig"],
    "Training": lambda request: request["ResourceConfig"],
}
# Warm pools and groups of instances would add instance minutes; so would a step that runs again.
NOT_COUNTED = {"InstanceGroups", "KeepAlivePeriodInSeconds"}


@dataclass(frozen=True)
class Plan:
    """Jobs to run, their inputs by S3 URI, and the most instance minutes that they use."""

    definition: dict[str, Any]
    inputs: dict[str, bytes]
    minutes: int

    @property
    def instances(self) -> dict[str, int]:
        """Number of instances of each step."""
        return {
            step["Name"]: CLUSTERS[step["Type"]](step["Arguments"])["InstanceCount"]
            for step in self.definition["Steps"]
        }

    @property
    def parameters(self) -> set[str]:
        """Names of the parameters."""
        return {parameter["Name"] for parameter in self.definition["Parameters"]}


def read_plan(content: bytes, folder: str, limit: int) -> Plan:
    """Reads the output of trial-definition; `folder`: S3 URI that all inputs must be in."""
    if len(content) > MOST_BYTES:
        raise TrialError(f"the definition has more than {MOST_BYTES:,} bytes")
    try:
        found = json.loads(content)
        definition = found["definition"]
        steps = [_step(step) for step in definition["Steps"] if step["Type"] not in LEFT_OUT]
        minutes = {step["Name"]: _minutes(step) for step in steps}
        inputs = {uri: base64.b64decode(text) for uri, text in found["inputs"].items()}
        plan = Plan({**definition, "Steps": steps}, inputs, math.ceil(sum(minutes.values())))
        _ = plan.parameters
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise TrialError("the file is not the output of trial-definition") from error
    if len(minutes) < len(steps):
        raise TrialError("two steps have the same name")
    outside = [uri for uri in inputs if not uri.startswith(folder)]
    if outside:
        raise TrialError(f"every input must be in {folder}, got {outside[0]}")
    if plan.minutes > limit:
        jobs = ", ".join(f"{name} {value:g}" for name, value in minutes.items())
        raise TrialError(
            f"the jobs may use {plan.minutes} instance minutes ({jobs}), and the limit is {limit}. "
            "Next: lower MaxRuntimeInSeconds or InstanceCount of the jobs, or raise "
            "trial.maxInstanceMinutes of the infrastructure."
        )
    return plan


def _step(step: dict[str, Any]) -> dict[str, Any]:
    """Step without property files: only steps that are left out read them."""
    if step["Type"] not in CLUSTERS:
        raise TrialError(
            f"step {step['Name']} has the type {step['Type']}, and a trial runs only Processing "
            "and Training"
        )
    return {key: value for key, value in step.items() if key != "PropertyFiles"}


def _minutes(step: dict[str, Any]) -> float:
    request = step["Arguments"]
    cluster = CLUSTERS[step["Type"]](request)
    factors = [
        request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds"),
        cluster.get("InstanceCount"),
    ]
    # A parameter has its value only later.
    if not all(type(factor) is int and factor > 0 for factor in factors):
        raise TrialError(
            f"step {step['Name']} must have numbers as MaxRuntimeInSeconds and InstanceCount"
        )
    others = sorted(NOT_COUNTED & cluster.keys()) + sorted({"RetryPolicies"} & step.keys())
    if others:
        raise TrialError(f"step {step['Name']} must not have {others[0]} in a trial")
    return math.prod(factors) / 60

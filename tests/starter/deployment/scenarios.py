"""Deployments that are disturbed at each of their API calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import account
import executions
from account import ENDPOINTS, Version
from build import PROD, STAGING, Build, Run, shorten_canaries
from calls import Calls
from endpoints import FAILS, ROLLS_BACK, Endpoints

SCALED = {**PROD, "autoscaling": {"minimum": 2, "maximum": 4, "invocationsPerInstance": 500}}
CANARY = {**SCALED, "canary": {"percent": 10, "minutes": 5}}
LINEAR = {**SCALED, "linear": {"percent": 25, "minutes": 5}}


@dataclass
class Scenario:
    """A deployment: resources before it, and exit statuses of its undisturbed runs."""

    name: str
    # Prepares the account, and returns the build to run.
    prepare: Callable[[Endpoints], Build]
    statuses: list[int] = field(default_factory=lambda: [0])
    # Problem of the end state of the undisturbed deployment; an empty text if there is none.
    problem: Callable[[dict[str, Any]], str] = lambda _state: ""
    # Whether the calls of its canary are disturbed too: canaries are alike.
    has_own_canary: bool = False


def deploy(build: Build) -> Run:
    """A run that prepares a scenario; it must succeed."""
    run = build.run()
    if run.status != 0:
        raise AssertionError(f"preparation failed: {run.output}\n{run.error}")
    return run


def new_version(number: int) -> Version:
    """A trained and approved version."""
    version = Version(number)
    account.train(version)
    account.register(version)
    return version


def staging(version: Version, kind: str = "instances", **settings: Any) -> Build:
    """Build of the staging stage in a new execution."""
    execution = executions.start_execution(version.arn)
    return Build("staging", executions.variables_of("staging", execution, kind), **settings)


def prod(handover: Run, **settings: Any) -> Build:
    """Build of the production stage in the execution in progress."""
    pipelines = account.client("codepipeline").list_pipeline_executions(
        pipelineName=account.PIPELINE
    )
    execution = pipelines["pipelineExecutionSummaries"][0]["pipelineExecutionId"]
    variables = executions.variables_of("prod", execution)
    return Build("prod", variables, handover=handover.handover, **settings)


def both(version: Version, **settings: Any) -> None:
    """Deploys a version to staging and to production."""
    deploy(prod(deploy(staging(version, **settings)), **settings))


def _first(_endpoints: Endpoints) -> Build:
    return staging(new_version(1))


def _update(_endpoints: Endpoints) -> Build:
    both(new_version(1), prod=CANARY)
    return prod(deploy(staging(new_version(2), prod=CANARY)), prod=CANARY)


def _linear_without_scaling(_endpoints: Endpoints) -> Build:
    both(new_version(1), prod=LINEAR)
    settings = {**PROD, "linear": LINEAR["linear"]}
    return prod(deploy(staging(new_version(2), prod=settings)), prod=settings)


def _instance_type(_endpoints: Endpoints) -> Build:
    both(new_version(1), prod=CANARY)
    larger = {**CANARY, "instanceType": "ml.m5.xlarge"}
    return prod(deploy(staging(Version(1), prod=larger)), prod=larger)


def _rejected(_endpoints: Endpoints) -> Build:
    both(new_version(1))
    second = new_version(2)
    both(second)
    account.reject(second)
    return staging(second)


def _rejected_in_prod(endpoints: Endpoints) -> Build:
    return prod(deploy(_rejected(endpoints)))


def _failed(endpoints: Endpoints) -> Build:
    version = new_version(1)
    tested = deploy(staging(version))
    endpoints.outcomes[ENDPOINTS["prod"]] = [FAILS]
    broken = prod(tested)
    run = broken.run()
    if run.status != 1:
        raise AssertionError(f"a failed creation must end with 1, got {run.status}: {run.error}")
    return broken


def _seventh(_endpoints: Endpoints) -> Build:
    # As cleanup would leave them if it had failed: two are to be deleted.
    for number in range(1, 7):
        deploy(staging(new_version(number)))
    deploy(staging(Version(6), staging={**STAGING, "instanceCount": 3}))
    return staging(new_version(7))


def _rolled_back(endpoints: Endpoints) -> Build:
    build = _update(endpoints)
    endpoints.outcomes[ENDPOINTS["prod"]] = [ROLLS_BACK]
    return build


def _to_serverless(_endpoints: Endpoints) -> Build:
    scaled = {**STAGING, "autoscaling": {**SCALED["autoscaling"], "minimum": 1}}
    deploy(staging(new_version(1), staging=scaled))
    return staging(Version(1), "serverless", staging=scaled)


def _to_instances(_endpoints: Endpoints) -> Build:
    deploy(staging(new_version(1), "serverless"))
    return staging(Version(1))


def _repeated(_endpoints: Endpoints) -> Build:
    both(new_version(1))
    return staging(Version(1))


SCENARIOS = [
    Scenario("first deployment to staging", _first),
    Scenario("update of production, canary, autoscaling", _update, has_own_canary=True),
    Scenario("update of production, linear, autoscaling removed", _linear_without_scaling),
    Scenario("other instance type with autoscaling", _instance_type),
    Scenario("rejected version, staging", _rejected),
    Scenario("rejected version, production", _rejected_in_prod),
    Scenario("failed endpoint created again", _failed),
    Scenario("seventh version, superseded models deleted", _seventh),
    Scenario("update rolled back, then retried", _rolled_back, [98, 0]),
    Scenario("staging from instances to serverless", _to_serverless),
    Scenario("staging from serverless to instances", _to_instances),
    Scenario("repeated event, nothing to deploy", _repeated),
]


def warm_up() -> None:
    """Loads and parses in this process what the processes of all deployments need."""
    shorten_canaries()
    endpoints, calls = Endpoints(), Calls()
    calls.install()
    endpoints.install()
    calls.after, calls.is_counting = endpoints.after_call, True
    account.create()
    deploy(_update(endpoints))
    calls.is_counting = False

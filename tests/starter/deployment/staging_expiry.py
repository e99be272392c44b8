"""Deployments with an expired, a kept and a missing staging endpoint."""

from __future__ import annotations

from typing import Any

import executions
from account import ENDPOINTS, Version
from build import PROD, Build
from endpoints import Endpoints
from scenarios import SCALED, Scenario, both, deploy, new_version, prod, staging

_SCALED = {**SCALED, "autoscaling": {**SCALED["autoscaling"], "minimum": 1}, "instanceCount": 1}


def _next_version(_endpoints: Endpoints) -> Build:
    both(new_version(1), staging=_SCALED)
    executions.expire_staging()
    return staging(new_version(2))


def _same_version(_endpoints: Endpoints) -> Build:
    both(new_version(1))
    executions.expire_staging()
    return staging(Version(1))


def _prod_after_expiry(_endpoints: Endpoints) -> Build:
    build = prod(deploy(staging(new_version(1))))
    executions.expire_staging()
    return build


def _kept(_endpoints: Endpoints) -> Build:
    both(new_version(1))
    build = staging(new_version(2))
    build.variables["STAGING_HOURS"] = "0"
    return build


def _canary(_endpoints: Endpoints) -> Build:
    settings = {**PROD, "canary": {"percent": 10, "minutes": 5}}
    deploy(staging(new_version(1), staging=settings))
    return staging(new_version(2), staging=settings)


def _is_scheduled(state: dict[str, Any]) -> str:
    schedule = state["schedules"].get("delete-endpoint", {"is due": True})
    return "staging must be deleted later" if schedule["is due"] else ""


def _is_scheduled_and_unscaled(state: dict[str, Any]) -> str:
    scaled = any(ENDPOINTS["staging"] in it for it in state["scaling"]["targets"])
    return "the scaling of the deleted endpoint must be gone" if scaled else _is_scheduled(state)


def _has_only_prod(state: dict[str, Any]) -> str:
    endpoints = list(state["endpoints"])
    is_right = endpoints == [ENDPOINTS["prod"]] and not state["schedules"]
    return "" if is_right else f"only production must exist, got {endpoints}"


def _is_kept(state: dict[str, Any]) -> str:
    is_named = "stagingUntil" in state["deployment.json"]
    return "staging must be kept" if state["schedules"] or is_named else ""


SCENARIOS = [
    Scenario("staging expired, next version", _next_version, problem=_is_scheduled_and_unscaled),
    Scenario("staging expired, repeated event", _same_version, problem=_has_only_prod),
    Scenario("staging expired before production", _prod_after_expiry, problem=_has_only_prod),
    Scenario("staging kept, schedule deleted", _kept, problem=_is_kept),
    Scenario("update of staging, canary", _canary, problem=_is_scheduled),
]

"""Bucket policies of Amazon S3, with their conditions."""

import json
import re
from typing import Any

from flask import request
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from ..callers import owner, session


def close() -> None:
    FakeBucket.get_permission = get_permission


def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    # AWS applies a Deny only if its condition is met. moto has no condition values: it denies for
    # each statement with a condition, so that the usual "deny without TLS" denies each request.
    document = json.loads(self.policy.decode()) if self.policy else {}
    action = action_of(action)
    effects = {
        statement["Effect"]
        for statement in as_list(document.get("Statement"))
        if concerns(statement, action, resource) and holds(statement)
    }
    if "Deny" in effects:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED if "Allow" in effects else PermissionResult.NEUTRAL


def action_of(action: str) -> str:
    # AWS derives the action from method and query; moto from the method only.
    if action == "s3:PostObject":
        return "s3:PutObject"
    if action == "s3:HeadObject":
        return "s3:GetObject"
    if action == "s3:DeleteObject" and "uploadId" in request.args:
        return "s3:AbortMultipartUpload"
    if action in ("s3:GetObject", "s3:DeleteObject") and "versionId" in request.args:
        return f"{action}Version"
    return action


def concerns(statement: dict[str, Any], action: str, resource: str) -> bool:
    def listed(element: str, value: str) -> bool:
        return any(like(pattern, value) for pattern in as_list(statement.get(element)))

    acts = not listed("NotAction", action) if "NotAction" in statement else listed("Action", action)
    if "NotResource" in statement:
        return acts and not listed("NotResource", resource)
    return acts and listed("Resource", resource)


def holds(statement: dict[str, Any]) -> bool:
    """Whether the statement applies to this request; in doubt a Deny applies, an Allow does not."""
    deny = statement["Effect"] == "Deny"
    if not deny and statement.get("Principal") not in ("*", {"AWS": "*"}):
        return False
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, values in keys.items():
            met = condition_met(operator, key, [str(value) for value in as_list(values)])
            if not (deny if met is None else met):
                return False
    return True


def condition_met(operator: str, key: str, values: list[str]) -> bool | None:
    """None if the emulator does not know the key or the operator."""
    base = operator.removesuffix("IfExists")
    actual = context_value(key.lower())
    if actual is UNDECIDED:
        return None
    if base == "Null":
        return any((actual is None) == (value.lower() == "true") for value in values)
    negated = base.replace("Not", "") if "Not" in base else None
    compare = COMPARISONS.get(negated or base)
    if compare is None:
        return None
    if actual is None:
        return negated is not None or base != operator
    matched = any(compare(value, actual) for value in values)
    return not matched if negated else matched


UNDECIDED = object()


def context_value(key: str) -> Any:
    # On AWS the request would use TLS; the emulator listens on loopback.
    known = {"aws:securetransport": "true", "s3:tlsversion": "1.3"}
    if key in known:
        return known[key]
    if key == "aws:principalarn":
        return principal()
    if key == "s3:if-none-match":
        return request.headers.get("If-None-Match")
    if key.startswith("s3:x-amz-"):
        return request.headers.get(key.removeprefix("s3:"))
    return UNDECIDED


def principal() -> str:
    """ARN of the role that signed the request, or of the account's root user."""
    # aws:PrincipalArn is the role, not its session; moto evaluates no principal.
    found = session()
    return owner() if found is None else str(found.role_arn)


def like(pattern: str, value: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


COMPARISONS = {
    "Bool": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "NumericEquals": lambda wanted, actual: float(actual) == float(wanted),
    "NumericLessThan": lambda wanted, actual: float(actual) < float(wanted),
    "NumericLessThanEquals": lambda wanted, actual: float(actual) <= float(wanted),
    "NumericGreaterThan": lambda wanted, actual: float(actual) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, actual: float(actual) >= float(wanted),
}


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

"""Shared by the gaps: the IAM identity that signed the current request."""

import re
from typing import Any

from flask import request
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends


def session() -> Any | None:
    """Session of the role that signed the request; None if no role did."""
    signed = re.search(r"Credential=([^/]+)/", request.headers.get("Authorization", ""))
    for regions in sts_backends.values():
        for backend in regions.values():
            found = backend.get_assumed_role_from_access_key(signed[1] if signed else "")
            if found is not None:
                return found
    return None


def owner() -> str:
    """ARN of the account's root user, who signs requests without a role."""
    return f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"

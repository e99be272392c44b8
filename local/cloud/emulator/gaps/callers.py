"""Who signed the request that is being answered."""

import re
from typing import Any

from flask import request
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends


def session() -> Any | None:
    """The session of a role in which the request is signed; None for whoever else asks."""
    signed = re.search(r"Credential=([^/]+)/", request.headers.get("Authorization", ""))
    for regions in sts_backends.values():
        for backend in regions.values():
            found = backend.get_assumed_role_from_access_key(signed[1] if signed else "")
            if found is not None:
                return found
    return None


def owner() -> str:
    """Whoever signs with no role's credentials is the account's owner here."""
    return f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root"

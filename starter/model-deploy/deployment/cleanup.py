"""Deletes superseded models and endpoint configs."""

from __future__ import annotations

import re
from datetime import datetime

from botocore import xform_name

from deployment.api import Aws, change, unless_missing

KEPT = 5


def delete_superseded(aws: Aws, endpoint_name: str, current: str) -> None:
    """Keeps what serves, the last five before it, and all that is newer: of failed deployments."""
    configs = created_by_name(aws, "EndpointConfig", endpoint_name)
    models = created_by_name(aws, "Model", endpoint_name)
    created = {**models, **configs}
    if current not in created:
        # A list can be behind; the next deployment deletes.
        return
    older = [name for name in created if created[name] <= created[current] and name != current]
    for name in sorted(older, key=lambda it: (created[it], it), reverse=True)[KEPT:]:
        if name in configs:
            _delete(aws, "EndpointConfig", name)
        # The model last: a run that is stopped here finds the name again.
        if name in models:
            _delete(aws, "Model", name)


def created_by_name(aws: Aws, kind: str, endpoint_name: str) -> dict[str, datetime]:
    """Creation times by name: the endpoint's name, the version and a hash."""
    own = re.compile(rf"{re.escape(endpoint_name)}-\d+-[0-9a-f]{{8}}")
    pages = aws.sagemaker.get_paginator(f"list_{xform_name(kind)}s")
    found = {
        it[f"{kind}Name"]: it["CreationTime"]
        for page in pages.paginate(NameContains=endpoint_name)
        for it in page[f"{kind}s"]
    }
    # Names of other projects may contain the same text.
    return {name: created for name, created in found.items() if own.fullmatch(name)}


def _delete(aws: Aws, kind: str, name: str) -> None:
    operation, request = xform_name(kind), {f"{kind}Name": name}
    delete = getattr(aws.sagemaker, f"delete_{operation}")
    describe = getattr(aws.sagemaker, f"describe_{operation}")
    change(
        f"Delete{kind} {name}",
        lambda: delete(**request),
        lambda: unless_missing(describe, **request) is None,
    )

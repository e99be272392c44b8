"""Deletes superseded models and endpoint configs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from deployment.api import Aws, change, unless_missing

KEPT = 5


def delete_superseded(aws: Aws, endpoint_name: str, current: str) -> None:
    """Keeps what serves, the last five before it, and all that is newer: of failed deployments."""
    sagemaker = aws.sagemaker
    configs = _created(aws, "list_endpoint_configs", "EndpointConfig", endpoint_name)
    models = _created(aws, "list_models", "Model", endpoint_name)
    created = {**models, **configs}
    if current not in created:
        # A list can be behind; the next deployment deletes.
        return
    older = [name for name in created if created[name] <= created[current] and name != current]
    for name in sorted(older, key=lambda it: (created[it], it), reverse=True)[KEPT:]:
        # The model last: a run that is stopped here finds the name again.
        if name in configs:
            change(
                f"DeleteEndpointConfig {name}",
                lambda name=name: sagemaker.delete_endpoint_config(EndpointConfigName=name),
                lambda name=name: _is_gone(
                    sagemaker.describe_endpoint_config, EndpointConfigName=name
                ),
            )
        if name in models:
            change(
                f"DeleteModel {name}",
                lambda name=name: sagemaker.delete_model(ModelName=name),
                lambda name=name: _is_gone(sagemaker.describe_model, ModelName=name),
            )


def _created(aws: Aws, operation: str, kind: str, endpoint_name: str) -> dict[str, datetime]:
    """Creation times by name: the endpoint's name, the version and a hash."""
    own = re.compile(rf"{re.escape(endpoint_name)}-\d+-[0-9a-f]{{8}}")
    pages = aws.sagemaker.get_paginator(operation).paginate(NameContains=endpoint_name)
    found = {it[f"{kind}Name"]: it["CreationTime"] for page in pages for it in page[f"{kind}s"]}
    # Names of other projects may contain the same text.
    return {name: created for name, created in found.items() if own.fullmatch(name)}


def _is_gone(describe: Callable[..., Any], **name: str) -> bool:
    return unless_missing(describe, **name) is None

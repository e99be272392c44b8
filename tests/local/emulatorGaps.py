"""Prints, as JSON, the API operations that each module of gaps/ adds to moto or changes.

Usage: python emulatorGaps.py FOLDER-OF-THE-EMULATOR
"""

from __future__ import annotations

import json
import sys

import botocore.session
from botocore import xform_name
from moto.core.responses import BaseResponse

sys.path.insert(0, sys.argv[1])
import gaps  # noqa: E402


def classes() -> list[type]:
    """Classes of moto; the patches replace or add their methods."""
    modules = [module for name, module in sys.modules.items() if name.startswith("moto.")]
    found = {it for module in modules for it in vars(module).values() if isinstance(it, type)}
    return [it for it in found if it.__module__.startswith("moto.")]


def operations(service: str) -> dict[str, str]:
    """API operations of the service by the names of moto's methods."""
    model = botocore.session.get_session().get_service_model(service.replace("_", "-"))
    return {xform_name(name): name for name in model.operation_names}


result = {}
for module in gaps.SERVICES:
    service = module.__name__.removeprefix("gaps.")
    before = {it: dict(vars(it)) for it in classes()}
    module.close()
    known = operations(service)
    patched = [
        (it, name)
        for it, methods in before.items()
        for name, method in vars(it).items()
        if name in known and methods.get(name) is not method
    ]
    added = {
        known[name]
        for it, name in patched
        if name not in before[it] and issubclass(it, BaseResponse)
    }
    result[service] = {
        "operations": sorted(known.values()),
        "added": sorted(added),
        "changed": sorted({known[name] for _, name in patched} - added),
    }
print(json.dumps(result))

"""Prints the pipeline's definition; asks nothing of AWS and changes nothing there."""

from __future__ import annotations

import json
import os

from pipelines.command import load, module_name, refuse
from pipelines.settings import SettingsError, read_settings


def main() -> int:
    """Prints the definition as JSON."""
    name = module_name(__doc__)
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        return refuse(error)
    module, arguments = load(name, settings)
    print(json.dumps(json.loads(module.get_pipeline(**arguments).definition()), indent=2))
    return 0

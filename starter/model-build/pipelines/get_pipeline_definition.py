"""Prints the pipeline definition; makes no call to AWS."""

from __future__ import annotations

import json
import os

from pipelines.command import load_module, parse_module_name, print_usage_error
from pipelines.settings import SettingsError, read_settings


def main() -> int:
    """Prints the definition as JSON."""
    name = parse_module_name(__doc__)
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        return print_usage_error(error)
    module, arguments = load_module(name, settings)
    print(json.dumps(json.loads(module.get_pipeline(**arguments).definition()), indent=2))
    return 0

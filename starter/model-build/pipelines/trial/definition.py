"""Prints the pipeline definition and its input files as JSON, for run-trial.

Runs the code of the pull request, so it needs no credentials, and makes no call to AWS.
"""

from __future__ import annotations

import base64
import json
import os

from pipelines.command import load_module, parse_module_name, print_usage_error
from pipelines.settings import SettingsError, read_settings, trial_environment


def main() -> int:
    """0: printed; 2: invalid settings."""
    name = parse_module_name(__doc__)
    try:
        settings = read_settings(trial_environment(os.environ))
    except SettingsError as error:
        return print_usage_error(error)
    module, arguments = load_module(name, settings)
    found = {
        "definition": json.loads(module.get_pipeline(**arguments).definition()),
        "inputs": {
            uri: base64.b64encode(content).decode()
            for uri, content in module.get_inputs(**arguments).items()
        },
    }
    print(json.dumps(found))
    return 0

"""Pipeline definition and inputs of a source tree, read by a process of its own."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.local.environment import CREDENTIALS, SETTINGS
from pipelines.local.execution import LocalExecutionError

# Python puts the working directory first in the search path of a command: the modules are those of
# the source tree, also if another tree is installed.
_READ = """
import base64, json, os, pathlib, sys
from pipelines.command import load_module
from pipelines.settings import read_settings
module, arguments = load_module(sys.argv[1], read_settings(json.loads(sys.argv[3])))
found = {
    "definition": json.loads(module.get_pipeline(**arguments).definition()),
    "inputs": {
        uri: base64.b64encode(content).decode()
        for uri, content in module.get_inputs(**arguments).items()
    },
}
pathlib.Path(sys.argv[2]).write_text(json.dumps(found))
"""


@dataclass(frozen=True)
class Pipeline:
    """Definition of a pipeline, and the files that it reads: content by S3 URI."""

    definition: dict[str, Any]
    inputs: dict[str, bytes]


def read_pipeline(tree: Path, module_name: str) -> Pipeline:
    """Reads the pipeline of a source tree; two trees never mix their modules."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pipeline.json"
        command = [sys.executable, "-c", _READ, module_name, str(file), json.dumps(SETTINGS)]
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"AWS_PROFILE", "AWS_SESSION_TOKEN", "PYTHONPATH", "PYTHONSAFEPATH"}
        }
        result = subprocess.run(  # noqa: S603
            command,
            cwd=tree,
            env={**environment, **CREDENTIALS},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise LocalExecutionError(
                f"{module_name} of {tree} has no definition:\n{result.stderr.strip()}"
            )
        found = json.loads(file.read_text())
    inputs = {uri: base64.b64decode(content) for uri, content in found["inputs"].items()}
    return Pipeline(found["definition"], inputs)

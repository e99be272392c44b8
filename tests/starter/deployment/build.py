"""One deployment build: a run of the driver in a new folder, with new clients."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import emulated

# As in the driver, but short.
CONSTANTS = {
    "verdict": {"GRACE_SECONDS": 20},
    "canary": {"GRACE_SECONDS": 20, "_ROWS": 1},
}
SOURCE = Path(os.environ.get("DEPLOYMENT_SOURCE", emulated.ROOT / "starter" / "model-deploy"))
STAGING = {"instanceType": "ml.m5.large", "instanceCount": 1}
PROD = {"instanceType": "ml.m5.large", "instanceCount": 2}


@dataclass
class Run:
    """End of one run of the driver."""

    status: int
    output: str
    error: str
    handover: dict[str, Any] | None


@dataclass
class Build:
    """Settings of one stage's build."""

    stage: str
    variables: dict[str, str]
    staging: dict[str, Any] = field(default_factory=lambda: dict(STAGING))
    prod: dict[str, Any] = field(default_factory=lambda: dict(PROD))
    # Staging's deployment.json, for production.
    handover: dict[str, Any] | None = None

    @property
    def command(self) -> list[str]:
        """Arguments of the driver."""
        return ["queue"] if self.stage == "queue" else ["deploy", "--stage", self.stage]

    def run(self) -> Run:
        """Runs the driver."""
        folder = Path(tempfile.mkdtemp(prefix="deployment-"))
        try:
            return self._run_in(folder)
        finally:
            os.chdir(emulated.ROOT)
            shutil.rmtree(folder)

    def _run_in(self, folder: Path) -> Run:
        for name, content in {"staging": self.staging, "prod": self.prod}.items():
            (folder / f"{name}-config.json").write_text(json.dumps(content))
        variables = dict(self.variables)
        if self.handover is not None:
            artifact = folder / "Deployment"
            artifact.mkdir()
            (artifact / "deployment.json").write_text(json.dumps(self.handover))
            variables["CODEBUILD_SRC_DIR_Deployment"] = str(artifact)
        os.chdir(folder)
        output, error = io.StringIO(), io.StringIO()
        with (
            _environment(variables),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(error),
        ):
            status = driver().main(self.command)
        written = folder / "deployment.json"
        handover = json.loads(written.read_text()) if written.exists() else None
        return Run(status, output.getvalue(), error.getvalue(), handover)


def driver(module: str = "__main__") -> Any:
    """A module of the driver. Its modules have constants only: no run leaves anything in them."""
    if str(SOURCE) not in sys.path:
        sys.path.insert(0, str(SOURCE))
    return importlib.import_module(f"deployment.{module}")


def shorten_canaries() -> None:
    """Canaries as in production, with fewer requests and less time."""
    for module, constants in CONSTANTS.items():
        for name, value in constants.items():
            if not hasattr(driver(module), name):
                raise AssertionError(f"deployment.{module} must have {name}")
            setattr(driver(module), name, value)


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Any:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

"""Start of the container of an endpoint: the image installs the handler with pip, offline."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

from pipelines.local.execution import LocalExecution

# What the image's server, sagemaker-containers, writes beside a handler without a setup.py.
# https://github.com/aws/sagemaker-containers/blob/master/src/sagemaker_containers/_modules.py
GENERATED = {
    "setup.py": """
from setuptools import setup
setup(packages=[''],
      name="{name}",
      version='1.0.0',
      include_package_data=True)
""",
    "setup.cfg": """
[wheel]
universal = 1
""",
    "MANIFEST.in": """
recursive-include . *
recursive-exclude . __pycache__*
recursive-exclude . *.pyc
recursive-exclude . *.pyo
""",
}


def test_handler_is_installed_without_a_package_index(
    execution: LocalExecution, tmp_path: Path
) -> None:
    environment, result = _install(execution, tmp_path)
    assert result.returncode == 0, result.stdout
    assert (tmp_path / "installed" / environment["SAGEMAKER_PROGRAM"]).exists()


def test_install_fails_with_build_isolation(execution: LocalExecution, tmp_path: Path) -> None:
    # Shows that the test above has no package index: the newest pip looks for setuptools there.
    _, result = _install(execution, tmp_path, without="PIP_NO_BUILD_ISOLATION")
    assert result.returncode == 1
    assert "No matching distribution found for setuptools" in result.stdout


def _install(
    execution: LocalExecution, folder: Path, without: str = ""
) -> tuple[dict[str, str], subprocess.CompletedProcess[str]]:
    """Installs the handler of the registered version as the image does, with the pip of uv.lock."""
    [container] = execution.registered["InferenceSpecification"]["Containers"]
    with tarfile.open(execution.local_path(container["ModelDataUrl"])) as archive:
        archive.extractall(folder / "model", filter="data")
    environment = {
        name: value.replace("/opt/ml/model", str(folder / "model"))
        for name, value in container["Environment"].items()
        if name != without
    }
    code = Path(environment["SAGEMAKER_SUBMIT_DIRECTORY"])
    name = environment["SAGEMAKER_PROGRAM"].removesuffix(".py")
    for file, content in GENERATED.items():
        (code / file).write_text(content.format(name=name))
    result = subprocess.run(  # noqa: S603 - command of this test
        # The image has no `--target`: here the handler must not stay in the environment.
        [sys.executable, "-m", "pip", "install", ".", "--target", folder / "installed"],
        cwd=code,
        env={
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_NO_INDEX": "1",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return environment, result

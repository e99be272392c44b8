"""run-pipeline --local: the real scripts on this machine, without AWS."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from conftest import BUILD

from pipelines import run_pipeline
from pipelines.local import run
from pipelines.local.definition import Pipeline
from pipelines.settings import read_settings
from pipelines.training.pipeline import get_inputs

STARTER = Path(__file__).parents[1]


@pytest.mark.slow
def test_local_run_trains_and_evaluates_without_aws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("data", "pipelines"):
        shutil.copytree(STARTER / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["run-pipeline", "--local"])
    assert run_pipeline.main() == 0
    output = capsys.readouterr().out
    for step in ("Preprocess", "Train", "Evaluate"):
        assert f"{step}: runs\n" in output
    assert '"binary_classification_metrics"' in output
    model = output.splitlines()[-1].removeprefix("Model: ")
    assert (tmp_path / model).name == "model.tar.gz"
    assert (tmp_path / model).is_file()


def test_local_run_fails_with_the_error_of_the_script(
    define: Callable[..., dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    inputs = {
        uri: b"print(missing)" if uri.endswith("preprocess.py") else content
        for uri, content in get_inputs(**asdict(read_settings(BUILD))).items()
    }
    monkeypatch.setattr(run, "read_pipeline", lambda *_: Pipeline(define(), inputs))
    assert run.run_local("pipelines.training.pipeline", tmp_path) == 1
    error = capsys.readouterr().err
    assert error.startswith("preprocess.py failed:")
    assert "name 'missing' is not defined" in error

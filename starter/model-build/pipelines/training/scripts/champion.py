"""Answers of the champion, the model version in production, to the same test set."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from pipelines.comparison import config

PREDICT = Path(config.__file__).with_name("predict.py")
# A message of step Reject has 3072 characters.
MAX_REASON = 300


class NotComparableError(Exception):
    """Why the champion cannot answer this test set."""


def champion_answers(folder: Path, test: Path, rows: int) -> np.ndarray:
    """Probability of each test row, from the handler in the archive of the champion."""
    archive = folder / "model.tar.gz"
    if not archive.exists():
        raise NotComparableError("it has no archive model.tar.gz in the artifact bucket")
    with tempfile.TemporaryDirectory() as temporary:
        model, answers = Path(temporary) / "model", Path(temporary) / "answers.json"
        try:
            with tarfile.open(archive) as content:
                content.extractall(model, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise NotComparableError(f"its archive cannot be read: {error}"[:MAX_REASON]) from error
        # A process of its own: its handler has the name of the new one. -I: no module of this code.
        command = [sys.executable, "-I", str(PREDICT), str(model), str(test), "0", str(answers)]
        result = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            print(result.stderr)
            lines = result.stderr.strip().splitlines() or [f"exit status {result.returncode}"]
            raise NotComparableError(lines[-1][:MAX_REASON])
        probabilities = np.array(json.loads(answers.read_text())["probabilities"])
    if len(probabilities) != rows or not np.isfinite(probabilities).all():
        raise NotComparableError("it does not answer each row with one probability")
    return probabilities

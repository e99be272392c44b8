"""One side of the comparison: its model, its answers, its data checks."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.comparison.config import LATENCY_REQUESTS, SPLIT_STEP, TEST, TRAIN
from pipelines.comparison.errors import ComparisonError
from pipelines.local.definition import Pipeline
from pipelines.local.environment import PARAMETERS
from pipelines.local.execution import LocalExecution, LocalExecutionError

PREDICT = Path(__file__).with_name("predict.py")
Log = Callable[[str], None]


@dataclass(frozen=True)
class Data:
    """Output of the step that splits the data, before the split of base replaces that of head."""

    train: pd.DataFrame
    test: pd.DataFrame


class Side:
    """Local execution of base or head in a folder."""

    def __init__(self, name: str, pipeline: Pipeline, folder: Path, log: Log) -> None:
        self.name = name
        self.pipeline = pipeline
        self.folder = folder
        self._log = log

    def run(self, data: Pipeline, split: Callable[[Data], Data] = lambda own: own) -> None:
        """Runs the pipeline on the data of `data`; `split` replaces its split."""

        def replace_split(step: str) -> None:
            if step != SPLIT_STEP:
                return
            self.data = Data(*(self._table(*file) for file in (TRAIN, TEST)))
            self.used = split(self.data)
            if self.used is not self.data:
                self.used.train.to_csv(self._file(*TRAIN), index=False)
                self.used.test.to_csv(self._file(*TEST), index=False)

        self.execution = LocalExecution(
            self.folder,
            {**self.pipeline.inputs, **data.inputs},
            log=lambda step: self._log(f"{self.name}: {step}"),
            on_output=replace_split,
        )
        location = _default(data, "DataLocation")
        try:
            self.execution.run(self.pipeline.definition, {**PARAMETERS, "DataLocation": location})
        except LocalExecutionError as error:
            raise ComparisonError(f"{self.name}: {error}") from error
        if not hasattr(self, "data"):
            raise ComparisonError(f"{self.name}: the pipeline has no step {SPLIT_STEP}")
        [self.archive] = (self.folder / "s3").glob("**/model.tar.gz")
        self.model = self.folder / "model"
        with tarfile.open(self.archive) as archive:
            archive.extractall(self.model, filter="data")

    def predict(self) -> tuple[np.ndarray, float]:
        """Probabilities of the test rows, and the median latency of a request in milliseconds."""
        self._log(f"{self.name}: predictions")
        answers = self.folder / "answers.json"
        result = subprocess.run(  # noqa: S603
            # -I: no module of the working directory or of a tree is found.
            [
                *(sys.executable, "-I", str(PREDICT), str(self.model), str(self._file(*TEST))),
                *(str(LATENCY_REQUESTS), str(answers)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise ComparisonError(f"{self.name}: predictions failed:\n{result.stderr.strip()}")
        found = json.loads(answers.read_text())
        return np.array(found["probabilities"]), statistics.median(found["latency"])

    def _table(self, output: str, file: str) -> pd.DataFrame:
        # The split of base is written again: no value may change in its last digit.
        return pd.read_csv(self._file(output, file), float_precision="round_trip")

    def _file(self, output: str, file: str) -> Path:
        return self.execution.output(SPLIT_STEP, output) / file


def _default(pipeline: Pipeline, parameter: str) -> str:
    values = {item["Name"]: item.get("DefaultValue") for item in pipeline.definition["Parameters"]}
    if not isinstance(values.get(parameter), str):
        raise ComparisonError(f"the pipeline has no parameter {parameter} with a default value")
    return values[parameter]

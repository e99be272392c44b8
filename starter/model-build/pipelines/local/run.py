"""run-pipeline --local: the steps of the pipeline on this machine, on the sample data."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from pipelines.local.definition import read_pipeline
from pipelines.local.environment import PARAMETERS
from pipelines.local.execution import LocalExecution, LocalExecutionError

FOLDER = ".local"


def run_local(module_name: str, tree: Path) -> int:
    """Runs the pipeline of a source tree; returns 0 if it would register the model, else 1."""
    folder = tree / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    try:
        print("Reading the pipeline definition.")
        pipeline = read_pipeline(tree, module_name)
        execution = LocalExecution(folder, pipeline.inputs, log=lambda step: print(f"{step}: runs"))
        execution.run(pipeline.definition, PARAMETERS)
    except LocalExecutionError as error:
        print(error, file=sys.stderr)
        return 1
    if execution.registered is None:
        print(execution.failure or "The pipeline registered no model.", file=sys.stderr)
        return 1
    report = execution.registered["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    print(execution.local_path(report).read_text())
    model = execution.registered["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    print(f"Model: {execution.local_path(model).relative_to(tree)}")
    return 0

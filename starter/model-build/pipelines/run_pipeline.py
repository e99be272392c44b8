"""Creates or updates the SageMaker pipeline, and starts it for the commit that is being built."""

from __future__ import annotations

import os
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.command import load, module_name, refuse
from pipelines.execution import TrainingError, console_link, executions_of, running, start, wait
from pipelines.settings import Run, Settings, SettingsError, read_run
from pipelines.upsert import upload, upsert


def main() -> int:
    """Runs the command; the exit code is 1 if AWS refuses, 99 if a step fails or is stopped."""
    name = module_name(__doc__)
    try:
        settings, run = read_run(os.environ)
        start_training(name, settings, run)
    except SettingsError as error:
        return refuse(error)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except (BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def start_training(name: str, settings: Settings, run: Run) -> None:
    """Brings the pipeline up to date, starts it, and tells where it can be watched."""
    module, arguments = load(name, settings)
    definition = module.get_pipeline(**arguments).definition()
    s3, sagemaker = clients(settings.region)

    upload(s3, settings, module.get_inputs(**arguments))
    upsert(sagemaker, settings, definition)
    print(f"Pipeline {settings.pipeline_name} is up to date.")
    arn = find_or_start(sagemaker, settings, run)
    try:
        if run.wait_for_training:
            wait(sagemaker, arn, print)
    finally:
        print(f"Execution: {arn}")
        print(f"Console: {console_link(settings)} (Studio > Pipelines > {settings.pipeline_name})")


def clients(region: str) -> tuple[Any, Any]:
    """Gives the clients of S3 and SageMaker."""
    session = boto3.Session(region_name=region)
    return session.client("s3"), session.client("sagemaker")


def find_or_start(sagemaker: Any, settings: Settings, run: Run) -> str:
    """Gives the execution of the commit that still runs; starts one only if there is none."""
    executions = executions_of(sagemaker, settings, run)
    arn = running(executions)
    if arn is not None:
        print(f"Commit {run.commit} is being trained already; nothing is started.")
        return arn
    print(f"Training starts for commit {run.commit}.")
    return start(sagemaker, settings, run, attempt=len(executions))

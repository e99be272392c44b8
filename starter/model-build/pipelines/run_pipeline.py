"""Creates or updates the SageMaker pipeline and starts it for the commit of the build.

With --local, runs its steps on this machine and on the sample data, without AWS.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.champion import champion_parameters
from pipelines.command import create_parser, load_module, print_usage_error
from pipelines.execution import (
    TrainingError,
    console_link,
    list_executions,
    running_execution_arn,
    start_execution,
    wait_for_execution,
)
from pipelines.local.run import run_local
from pipelines.settings import Run, Settings, SettingsError, read_run
from pipelines.upsert import upload_inputs, upsert_pipeline


def main() -> int:
    """Runs the command and returns its exit code.

    0: started (or succeeded, with WAIT_FOR_TRAINING); 1: AWS error; 2: invalid settings;
    99: a step failed, or the execution was stopped. With --local, 1: a script failed, or the model
    is below the minimum quality.
    """
    parser = create_parser(__doc__)
    parser.add_argument(
        "--local", action="store_true", help="run on this machine and on the sample data"
    )
    options = parser.parse_args()
    name = options.module_name
    if options.local:
        return run_local(name, Path.cwd())
    try:
        settings, run = read_run(os.environ)
        start_training(name, settings, run)
    except SettingsError as error:
        return print_usage_error(error)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except (BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def start_training(name: str, settings: Settings, run: Run) -> None:
    """Updates the pipeline, starts it, and prints the execution ARN and the console link."""
    module, arguments = load_module(name, settings)
    definition = module.get_pipeline(**arguments).definition()
    s3, sagemaker = create_clients(settings.region)

    upload_inputs(s3, settings, module.get_inputs(**arguments))
    upsert_pipeline(sagemaker, settings, definition)
    print(f"SageMaker pipeline {settings.pipeline_name} is up to date.")
    # A module of your own may have no parameters for the champion.
    parameters = {it["Name"] for it in json.loads(definition)["Parameters"]}
    has_champion = {"ChampionVersion", "ChampionLocation"} <= parameters
    arn = find_or_start_execution(sagemaker, settings, run, has_champion)
    try:
        if run.wait_for_training:
            wait_for_execution(sagemaker, arn, print)
    finally:
        print(f"Execution: {arn}")
        print(f"Console: {console_link(settings)} (Studio > Pipelines > {settings.pipeline_name})")


def create_clients(region: str) -> tuple[Any, Any]:
    """Creates the clients of S3 and SageMaker."""
    session = boto3.Session(region_name=region)
    return session.client("s3"), session.client("sagemaker")


def find_or_start_execution(
    sagemaker: Any, settings: Settings, run: Run, has_champion: bool
) -> str:
    """Returns the running execution of the commit, or starts one."""
    executions = list_executions(sagemaker, settings, run)
    arn = running_execution_arn(executions)
    if arn is not None:
        print(f"Training of commit {run.commit} is already running; no new execution is started.")
        return arn
    champion = champion_parameters(sagemaker, settings, run) if has_champion else {}
    print(f"Starting the training of commit {run.commit}.")
    return start_execution(sagemaker, settings, run, len(executions), champion)

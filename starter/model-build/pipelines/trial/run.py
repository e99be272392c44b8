"""Runs a trial: the output of trial-definition on SageMaker, with the code of the main branch.

Credentials: sessions of the role TRIAL_ROLE_ARN in TRIAL_SETTINGS.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.champion import champion_parameters
from pipelines.command import create_parser, print_usage_error
from pipelines.execution import TrainingError, wait_for_execution
from pipelines.settings import Run, Settings, SettingsError, Trial, read_trial, trial_environment
from pipelines.trial.errors import TrialError
from pipelines.trial.plan import Plan, read_plan
from pipelines.trial.result import MOST_BYTES, read_champion, read_metrics, read_result, section
from pipelines.upsert import upload_inputs, upsert_pipeline

# Reports of step Evaluate.
REPORT = "Evaluate/report"


def main() -> int:
    """0: the result is written; 1: AWS error, a failed job, no figures; 2: invalid input."""
    parser = create_parser(__doc__)
    parser.add_argument("definition", type=Path, help="output of trial-definition")
    parser.add_argument("--commit", required=True, help="commit of the definition")
    parser.add_argument("--result", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--profile", help="AWS profile with the role (default: the environment)")
    options = parser.parse_args()
    try:
        environment = trial_environment(os.environ)
        settings, trial = read_trial({**environment, "TRIAL_COMMIT": options.commit})
        folder = f"s3://{settings.default_bucket}/{settings.pipeline_name}/"
        content = options.definition.read_bytes()
        plan = read_plan(content, folder, trial.max_instance_minutes)
    except (SettingsError, TrialError) as error:
        return print_usage_error(error)
    try:
        clients = create_clients(settings.region, options.profile)
        content = json.dumps(run_trial(*clients, settings, trial, plan), indent=2).encode()
        # For the comment on a pull request in CodeCommit.
        upload_inputs(clients[0], settings, {f"{folder}results/{trial.commit}.json": content})
    except (BotoCoreError, ClientError, TrainingError, TrialError) as error:
        print(error, file=sys.stderr)
        return 1
    options.result.write_bytes(content)
    print(section(read_result(content)))
    return 0


def run_trial(
    s3: Any, sagemaker: Any, settings: Settings, trial: Trial, plan: Plan
) -> dict[str, Any]:
    """Starts the pipeline of trials, waits for its end, and reads the figures."""
    upload_inputs(s3, settings, plan.inputs)
    upsert_pipeline(
        sagemaker,
        replace(settings, role=trial.pipeline_role),
        json.dumps(plan.definition),
    )
    # Without the name of an endpoint, the champion is the newest approved version.
    run = Run(trial.commit, "trial", prod_endpoint_name="", wait_for_training=True)
    parameters = {
        "GitCommit": run.commit,
        "CodePipelineExecutionId": run.codepipeline_execution_id,
        **champion_parameters(sagemaker, settings, run),
    }
    arn = sagemaker.start_pipeline_execution(
        PipelineName=settings.pipeline_name,
        PipelineExecutionDisplayName=f"commit-{trial.commit}",
        PipelineParameters=[
            {"Name": name, "Value": value}
            for name, value in parameters.items()
            if name in plan.parameters
        ],
        ClientRequestToken=str(uuid.uuid4()),
    )["PipelineExecutionArn"]
    print(f"Execution: {arn}, at most {plan.minutes} instance minutes.", flush=True)
    wait_or_stop(sagemaker, arn)
    folder = f"{settings.pipeline_name}/executions/{arn.rpartition('/')[2]}/{REPORT}"
    metrics = _read(s3, settings, f"{folder}/evaluation.json")
    comparison = _read(s3, settings, f"{folder}/comparison.json")
    if metrics is None:
        raise TrialError(f"the trial has no figures: {REPORT}/evaluation.json does not exist")
    return {
        "commit": trial.commit,
        "execution": arn,
        "instance_minutes": {
            "used": used_minutes(sagemaker, arn, plan),
            "limit": trial.max_instance_minutes,
        },
        "metrics": read_metrics(metrics),
        "champion": comparison and read_champion(comparison),
    }


def create_clients(region: str, profile: str | None) -> tuple[Any, Any]:
    """Creates the clients of S3 and SageMaker; boto3 renews the sessions of a profile."""
    session = boto3.Session(region_name=region, profile_name=profile)
    return session.client("s3"), session.client("sagemaker")


def wait_or_stop(sagemaker: Any, arn: str) -> None:
    """Waits for the end of the execution; stops it if this command is stopped, or fails."""
    # A job of GitHub or GitLab that is cancelled gets SIGTERM.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        wait_for_execution(sagemaker, arn, lambda text: print(text, flush=True))
    except TrainingError:
        raise
    except BaseException:
        sagemaker.stop_pipeline_execution(
            PipelineExecutionArn=arn, ClientRequestToken=str(uuid.uuid4())
        )
        raise


def used_minutes(sagemaker: Any, arn: str, plan: Plan) -> float:
    """Minutes of the steps that ran, times the instances; SageMaker bills no more than that."""
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn
    )
    seconds = {
        step["StepName"]: (step["EndTime"] - step["StartTime"]).total_seconds()
        for page in pages
        for step in page["PipelineExecutionSteps"]
    }
    return sum(seconds[name] * count for name, count in plan.instances.items()) / 60


def _read(s3: Any, settings: Settings, key: str) -> bytes | None:
    try:
        answer = s3.get_object(Bucket=settings.default_bucket, Key=key)
    except ClientError as error:
        # Without the permission to list a bucket, S3 denies the read of a missing object.
        if error.response["Error"]["Code"] in {"AccessDenied", "NoSuchKey"}:
            return None
        raise
    return answer["Body"].read(MOST_BYTES + 1)

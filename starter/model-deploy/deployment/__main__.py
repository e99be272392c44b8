"""Deploys approved model versions to SageMaker endpoints, and tests them."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.command import test
from deployment.api import DeploymentError
from deployment.settings import SettingsError
from deployment.stage import decide_only, deploy_stage
from deployment.waiting import report_queue

_EPILOG = """
Settings are environment variables and the files staging-config.json and prod-config.json in this
folder: see the tables in README.md.

Exit status: 0 succeeded, or nothing to do; 1 failed; 2 invalid settings; 98 SageMaker rolled the
update back, and the previous version serves.
"""


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "test":
            return test(os.environ, options.summary)
        if options.command == "decide":
            return decide_only(os.environ, Path.cwd(), options.model_package_arn)
        if options.command == "queue":
            return report_queue(os.environ)
        return deploy_stage(options.stage, os.environ, Path.cwd())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except (BotoCoreError, ClientError, DeploymentError) as error:
        print(f"Failed: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deployment",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    decide = commands.add_parser("decide", help="say what staging would deploy; change nothing")
    decide.add_argument("--model-package-arn", help="model version; default: of the execution")
    deploy = commands.add_parser("deploy", help="deploy the model version to one stage")
    deploy.add_argument("--stage", choices=["staging", "prod"], required=True)
    commands.add_parser("queue", help="report a version that waits for the approval of another")
    test_ = commands.add_parser("test", help="test the staging endpoint with the sample set")
    test_.add_argument(
        "--summary", type=Path, help="file for the one-line summary that the approver reads"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

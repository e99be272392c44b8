"""Command line of all commands: the pipeline module and usage errors."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from dataclasses import asdict
from types import ModuleType
from typing import Any

from pipelines.settings import Settings


def parse_module_name(description: str) -> str:
    """Reads `--module-name`, the only option, from the command line."""
    return create_parser(description).parse_args().module_name


def create_parser(description: str) -> argparse.ArgumentParser:
    """Creates a parser with the option `--module-name`."""
    parser = argparse.ArgumentParser(
        description=description,
        epilog="All other settings are environment variables: see the table in README.md.",
    )
    parser.add_argument(
        "--module-name",
        default="pipelines.training.pipeline",
        help="module with the function get_pipeline (default: %(default)s)",
    )
    return parser


def load_module(name: str, settings: Settings) -> tuple[ModuleType, dict[str, Any]]:
    """Imports the pipeline module; returns it with the arguments of its functions."""
    # The SDK creates a client at import and takes the region only from this variable.
    os.environ["AWS_DEFAULT_REGION"] = settings.region
    module = importlib.import_module(name)
    # The SDK sets the root logger to INFO at import; the build log shows only warnings.
    logging.getLogger().setLevel(logging.WARNING)
    return module, asdict(settings)


def print_usage_error(error: Exception) -> int:
    """Prints invalid settings to stderr; returns exit code 2."""
    print(error, file=sys.stderr)
    return 2

"""What both commands share: the module to take the pipeline from, and how errors are told."""

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


def module_name(description: str) -> str:
    """Reads the command line: a module is all that it says."""
    parser = argparse.ArgumentParser(
        description=description,
        epilog="All other settings come from environment variables: README.md has the table.",
    )
    parser.add_argument(
        "--module-name",
        default="pipelines.training.pipeline",
        help="module that has get_pipeline (default: %(default)s)",
    )
    return parser.parse_args().module_name


def load(name: str, settings: Settings) -> tuple[ModuleType, dict[str, Any]]:
    """Imports the module, and gives the arguments for its functions."""
    # The SDK makes a client as soon as it is imported, and knows the region by this variable alone.
    os.environ["AWS_DEFAULT_REGION"] = settings.region
    module = importlib.import_module(name)
    # It also has every library tell of every step; the log is for what this build does.
    logging.getLogger().setLevel(logging.WARNING)
    return module, asdict(settings)


def refuse(error: Exception) -> int:
    """Tells what is wrong with how the command was called; the exit code says the same."""
    print(error, file=sys.stderr)
    return 2

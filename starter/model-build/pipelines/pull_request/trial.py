"""Adds the result of a trial to the comment on its pull request (.github/workflows/trial.yml).

The pull request is that of the event, never one that the result names.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pipelines.pull_request.comment import MARKER
from pipelines.pull_request.github import comment, open_run, own_comments, pull_request
from pipelines.pull_request.http import Api, ApiError
from pipelines.trial.errors import TrialError
from pipelines.trial.result import failed_section, read_result, section, with_section


def main() -> int:
    """0: commented, or no pull request is open for the run; 1: GitHub rejected a call."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--result", type=Path, required=True, help="result of run-trial")
    options = parser.parse_args()
    api, run = open_run()
    server, repository = os.environ["GITHUB_SERVER_URL"], os.environ["GITHUB_REPOSITORY"]
    log = f"{server}/{repository}/actions/runs/{os.environ['GITHUB_RUN_ID']}"
    text = trial_text(options.result, run["head_sha"], log)
    try:
        number = pull_request(api, run)
        old = MARKER if number is None else own_comment(api, number)
        print(comment(api, run, with_section(old, text)))
    except ApiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def trial_text(file: Path, commit: str, log: str) -> str:
    """Section of the comment; without a result of this commit, that the trial failed."""
    try:
        result = read_result(file.read_bytes() if file.is_file() else b"")
    except TrialError:
        return failed_section(commit, log)
    return section(result) if result["commit"] == commit else failed_section(commit, log)


def own_comment(api: Api, number: int) -> str:
    """Text of the comment with the comparison, or its start."""
    texts = (item["text"] for item in own_comments(api, number))
    return next((text for text in texts if text.startswith(MARKER)), MARKER)


if __name__ == "__main__":
    sys.exit(main())

"""Comments on the pull request of a GitHub workflow run (.github/workflows/comment.yml).

The pull request is that of the event, never one that the findings name.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.pull_request.comment import comment_text, read_file, sync, write_picture
from pipelines.pull_request.http import Api, ApiError

# Every user who can comment can copy the marker.
AUTHOR = "github-actions[bot]"


def main() -> int:
    """0: commented, or no pull request is open for the run; 1: GitHub rejected a call."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=Path, required=True, help="folder of the artifact")
    parser.add_argument("--picture", type=Path, required=True, help="SVG file to write")
    options = parser.parse_args()
    api, run = open_run()
    content = read_file(options.findings) if run["conclusion"] == "success" else None
    text = comment_text(content, run["head_sha"], run["html_url"])
    write_picture(content, options.picture)
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a") as summary:
        summary.write(text)
    try:
        print(comment(api, run, text))
    except ApiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def open_run() -> tuple[Api, dict[str, Any]]:
    """API of the repository, and the workflow run of the event."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text())
    repository = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}"
    token = f"Bearer {os.environ['GITHUB_TOKEN']}"
    api = Api(repository, {"authorization": token, "x-github-api-version": "2022-11-28"})
    return api, event["workflow_run"]


def comment(api: Api, run: dict[str, Any], text: str) -> str:
    """Creates or edits the comment on the pull request of a run; returns what it did."""
    number = pull_request(api, run)
    if number is None:
        return f"No comment: not one open pull request has the commit {run['head_sha']}."
    done = sync(
        own_comments(api, number),
        text,
        create=lambda body: api.call("POST", f"/issues/{number}/comments", {"body": body}),
        update=lambda item, body: api.call(
            "PATCH", f"/issues/comments/{item['id']}", {"body": body}
        ),
    )
    return f"Comment on pull request {number}: {done}."


def own_comments(api: Api, number: int) -> Iterator[dict[str, Any]]:
    """Comments of the workflows on a pull request."""
    for item in api.pages(f"/issues/{number}/comments"):
        if (item["user"] or {}).get("login") == AUTHOR:
            yield {"id": item["id"], "text": item["body"] or ""}


def pull_request(api: Api, run: dict[str, Any]) -> int | None:
    """The one open pull request with the branch and the commit of the run.

    The event of a fork's run names no pull request. A run of an older commit finds none.
    """
    owner = run["head_repository"]["owner"]["login"]
    head = quote(f"{owner}:{run['head_branch']}")
    numbers = [
        item["number"]
        for item in api.pages(f"/pulls?state=open&head={head}")
        if item["head"]["sha"] == run["head_sha"]
        and (item["head"]["repo"] or {}).get("id") == run["head_repository"]["id"]
    ]
    return numbers[0] if len(numbers) == 1 else None


if __name__ == "__main__":
    sys.exit(main())

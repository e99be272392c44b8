"""Comments on a pull request in CodeCommit (comment-buildspec.yml).

CodeBuild knows the pull request and the commits of the build that compared: EventBridge passed them
as variables when it started that build, and its code cannot change them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.pull_request.comment import FILE, MARKER, comment_text, sync
from pipelines.pull_request.findings import MOST_BYTES
from pipelines.trial.result import MOST_BYTES as MOST_RESULT_BYTES
from pipelines.trial.result import read_result, section, with_section

# Characters of a comment in CodeCommit.
LIMIT = 10_240


def main() -> int:
    """0: commented, or the pull request has a newer commit; 1: AWS rejected a call."""
    session = boto3.Session(region_name=os.environ["AWS_REGION"])
    # The event has the ARN.
    build_id = os.environ["COMPARE_BUILD"].split(":build/")[1]
    try:
        found = session.client("codebuild").batch_get_builds(ids=[build_id])
        [build] = found["builds"]
        print(comment(session, build))
    except (BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def comment(session: boto3.Session, build: dict[str, Any]) -> str:
    """Creates or edits the comment about a build; returns what it did."""
    codecommit = session.client("codecommit")
    repository, head = os.environ["REPOSITORY_NAME"], build["sourceVersion"]
    variables = {
        item["name"]: item["value"] for item in build["environment"]["environmentVariables"]
    }
    number = variables["PULL_REQUEST_ID"]
    [target] = codecommit.get_pull_request(pullRequestId=number)["pullRequest"][
        "pullRequestTargets"
    ]
    if target["sourceCommit"] != head:
        return f"No comment: pull request {number} has a newer commit than {head}."
    has_findings = os.environ["COMPARE_STATUS"] == "SUCCEEDED"
    content = findings(session.client("s3"), build) if has_findings else None

    def create(text: str) -> None:
        codecommit.post_comment_for_pull_request(
            pullRequestId=number,
            repositoryName=repository,
            beforeCommitId=variables["BASE_COMMIT"],
            afterCommitId=head,
            content=text,
        )

    def update(item: dict[str, Any], text: str) -> None:
        try:
            codecommit.update_comment(commentId=item["id"], content=text)
        except codecommit.exceptions.CommentNotCreatedByCallerException:
            # A copy of the marker by a user, or the author is a session of the role in AWS's eyes.
            create(text)

    text = comment_text(content, head, build["logs"]["deepLink"])
    text = with_trial(session.client("s3"), text, head)
    done = sync(comments(codecommit, number, repository), text, create, update)
    return f"Comment on pull request {number}: {done}."


def findings(s3: Any, build: dict[str, Any]) -> bytes:
    """Findings of a build, in its own folder."""
    bucket, _, folder = build["artifacts"]["location"].split(":::")[1].partition("/")
    body = s3.get_object(Bucket=bucket, Key=f"{folder}/{FILE}")["Body"]
    return body.read(MOST_BYTES + 1)


def with_trial(s3: Any, text: str, head: str) -> str:
    """Comment with the trial of this commit, if any; without the comparison if it is too long."""
    place = os.environ.get("TRIAL_RESULTS")
    if place is None:
        return text
    bucket, _, folder = place.partition("/")
    try:
        body = s3.get_object(Bucket=bucket, Key=f"{folder}/{head}.json")["Body"]
    except ClientError as error:
        # Without the permission to list a bucket, S3 denies the read of a missing object.
        if error.response["Error"]["Code"] in {"AccessDenied", "NoSuchKey"}:
            return text
        raise
    trial = section(read_result(body.read(MOST_RESULT_BYTES + 1)))
    both = with_section(text, trial)
    return both if len(both) <= LIMIT else with_section(MARKER, trial)


def comments(codecommit: Any, number: str, repository: str) -> Iterator[dict[str, Any]]:
    """Comments on all changes of a pull request, the newest first."""
    pages = codecommit.get_paginator("get_comments_for_pull_request").paginate(
        pullRequestId=number, repositoryName=repository
    )
    found = [
        item
        for page in pages
        for data in page["commentsForPullRequestData"]
        for item in data["comments"]
        if not item.get("deleted")
    ]
    for item in sorted(found, key=lambda one: one["creationDate"], reverse=True):
        yield {"id": item["commentId"], "text": item.get("content", "")}


if __name__ == "__main__":
    sys.exit(main())

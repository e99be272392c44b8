"""Comments on all open merge requests of a GitLab project (.gitlab-ci.yml, a schedule).

A pipeline of a merge request gets no token: everyone who may push a branch may change its jobs.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from pipelines.pull_request.comment import FILE, comment_text, sync
from pipelines.pull_request.http import Api, ApiError

JOB = "compare"


def main() -> int:
    """0: all commented; 1: GitLab rejected a call."""
    api = Api(os.environ["CI_API_V4_URL"], {"private-token": os.environ["MODEL_COMMENT_TOKEN"]})
    project = f"/projects/{os.environ['CI_PROJECT_ID']}"
    try:
        user = api.call("GET", "/user")["id"]
        for request in api.pages(f"{project}/merge_requests?state=opened"):
            print(f"Merge request {request['iid']}: {comment(api, project, request, user)}")
    except ApiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def comment(api: Api, project: str, request: dict[str, Any], user: int) -> str:
    """Creates or edits the comment on a merge request; returns what it did."""
    job = comparison(api, project, request)
    if job is None:
        return f"no comparison of commit {request['sha']} has ended in this project."
    content = (
        api.read("GET", f"{project}/jobs/{job['id']}/artifacts/{FILE}")
        if job["status"] == "success"
        else None
    )
    notes = f"{project}/merge_requests/{request['iid']}/notes"
    done = sync(
        (
            {"id": item["id"], "text": item["body"]}
            for item in api.pages(notes)
            if item["author"]["id"] == user
        ),
        comment_text(content, request["sha"], job["web_url"]),
        create=lambda body: api.call("POST", notes, {"body": body}),
        update=lambda item, body: api.call("PUT", f"{notes}/{item['id']}", {"body": body}),
    )
    return f"comment {done}."


def comparison(api: Api, project: str, request: dict[str, Any]) -> dict[str, Any] | None:
    """Newest comparison of the newest commit, after its end; not of a fork's own project."""
    for pipeline in api.pages(f"{project}/merge_requests/{request['iid']}/pipelines"):
        if pipeline["sha"] != request["sha"] or pipeline["project_id"] != request["project_id"]:
            continue
        for job in api.pages(f"{project}/pipelines/{pipeline['id']}/jobs"):
            if job["name"] == JOB and job["status"] in {"success", "failed"}:
                return job
    return None


if __name__ == "__main__":
    sys.exit(main())

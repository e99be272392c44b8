"""Pull requests of AWS CodeCommit, and comments on them."""

import json
from time import time
from typing import Any
from uuid import uuid4

from moto.codecommit.models import CodeCommitBackend
from moto.codecommit.responses import CodeCommitResponse

from .. import callers
from .commits import git_of, refused
from .repositories import named


def close() -> None:
    CodeCommitResponse.create_pull_request = create_pull_request
    CodeCommitResponse.get_pull_request = get_pull_request
    CodeCommitResponse.get_comments_for_pull_request = get_comments_for_pull_request
    CodeCommitResponse.post_comment_for_pull_request = post_comment_for_pull_request
    CodeCommitResponse.update_comment = update_comment


def create_pull_request(self: CodeCommitResponse) -> str:
    # AWS numbers the pull requests of an account; moto has no CreatePullRequest.
    [target] = self._get_param("targets")
    repository = self.codecommit_backend.repositories[target["repositoryName"]]
    branches = git_of(repository).branches
    source = target["sourceReference"].removeprefix("refs/heads/")
    default = repository.repository_metadata.get("defaultBranch")
    destination = target.get("destinationReference", default).removeprefix("refs/heads/")
    for branch in (source, destination):
        if branch not in branches:
            raise refused("ReferenceDoesNotExistException", f"There is no branch {branch}.")
    if source == destination:
        raise refused("SourceAndDestinationAreSameException", "The branches are the same.")
    number = str(len(pull_requests(self.codecommit_backend)) + 1)
    pull_requests(self.codecommit_backend)[number] = {
        "title": self._get_param("title"),
        "repositoryName": target["repositoryName"],
        "source": source,
        "destination": destination,
        "comments": [],
    }
    return json.dumps({"pullRequest": described(self, number)})


def get_pull_request(self: CodeCommitResponse) -> str:
    # AWS answers the tips of both branches; moto has no GetPullRequest.
    return json.dumps({"pullRequest": described(self, self._get_param("pullRequestId"))})


def post_comment_for_pull_request(self: CodeCommitResponse) -> str:
    # AWS keeps comments with the two commits; moto has no PostCommentForPullRequest.
    git = git_of(named(self))
    commits = [self._get_param(name) for name in ("beforeCommitId", "afterCommitId")]
    for commit_id in commits:
        if commit_id not in git.commits:
            raise refused("CommitDoesNotExistException", f"There is no commit {commit_id}.")
    now = time()
    comment = {
        # AWS authorizes UpdateComment, which names only the comment, on its repository.
        "commentId": f"{self._get_param('repositoryName')}:{uuid4()}",
        "content": checked_content(self._get_param("content")),
        "creationDate": now,
        "lastModifiedDate": now,
        "authorArn": author(),
        "deleted": False,
    }
    found = of_repository(self)
    found["comments"].append((commits, comment))
    return json.dumps({"repositoryName": found["repositoryName"], "comment": comment})


def get_comments_for_pull_request(self: CodeCommitResponse) -> str:
    # AWS lists comments by their commits; moto has no GetCommentsForPullRequest.
    data = [
        {"beforeCommitId": before, "afterCommitId": after, "comments": [comment]}
        for (before, after), comment in of_repository(self)["comments"]
    ]
    return json.dumps({"commentsForPullRequestData": data})


def update_comment(self: CodeCommitResponse) -> str:
    # AWS lets only the author edit a comment; moto has no UpdateComment.
    comment_id = self._get_param("commentId")
    for one in pull_requests(self.codecommit_backend).values():
        for _, comment in one["comments"]:
            if comment["commentId"] == comment_id:
                if role_of(comment["authorArn"]) != role_of(author()):
                    message = "You cannot modify or delete this comment."
                    raise refused("CommentNotCreatedByCallerException", message)
                comment["content"] = checked_content(self._get_param("content"))
                comment["lastModifiedDate"] = time()
                return json.dumps({"comment": comment})
    raise refused("CommentDoesNotExistException", f"There is no comment {comment_id}.")


def described(self: CodeCommitResponse, number: str) -> dict[str, Any]:
    found = of_number(self.codecommit_backend, number)
    repository = self.codecommit_backend.repositories[found["repositoryName"]]
    branches = git_of(repository).branches
    target = {
        "repositoryName": found["repositoryName"],
        "sourceReference": f"refs/heads/{found['source']}",
        "destinationReference": f"refs/heads/{found['destination']}",
        "sourceCommit": branches[found["source"]],
        "destinationCommit": branches[found["destination"]],
    }
    return {
        "pullRequestId": number,
        "title": found["title"],
        "pullRequestStatus": "OPEN",
        "pullRequestTargets": [target],
    }


def of_repository(self: CodeCommitResponse) -> dict[str, Any]:
    found = of_number(self.codecommit_backend, self._get_param("pullRequestId"))
    if found["repositoryName"] != self._get_param("repositoryName"):
        raise refused(
            "RepositoryNotAssociatedWithPullRequestException",
            "The repository does not contain any pull requests with that pull request ID.",
        )
    return found


def of_number(backend: CodeCommitBackend, number: str) -> dict[str, Any]:
    if number not in pull_requests(backend):
        raise refused("PullRequestDoesNotExistException", f"There is no pull request {number}.")
    return pull_requests(backend)[number]


def pull_requests(backend: CodeCommitBackend) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vars(backend).setdefault("pull_requests", {})
    return found


def checked_content(content: str) -> str:
    if len(content) > 10_240:
        raise refused("CommentContentSizeLimitExceededException", "At most 10,240 characters.")
    return content


def author() -> str:
    session = callers.session()
    return callers.owner() if session is None else str(session.arn)


def role_of(arn: str) -> str:
    """AWS documents only that the author may edit; here that is the role in any session."""
    return arn.rsplit("/", 1)[0] if ":assumed-role/" in arn else arn

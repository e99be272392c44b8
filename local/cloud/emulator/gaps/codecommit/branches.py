"""Branches of AWS CodeCommit."""

import json

from moto.codecommit.responses import CodeCommitResponse

from .commits import checked_branch, git_of, refused
from .repositories import named


def close() -> None:
    CodeCommitResponse.create_branch = create_branch
    CodeCommitResponse.delete_branch = delete_branch
    CodeCommitResponse.get_branch = get_branch
    CodeCommitResponse.list_branches = list_branches
    CodeCommitResponse.update_default_branch = update_default_branch


def create_branch(self: CodeCommitResponse) -> str:
    # AWS points a new branch at a commit, and leaves the default branch; moto has no CreateBranch.
    git = git_of(named(self))
    name = checked_branch(self._get_param("branchName"))
    commit_id = self._get_param("commitId")
    if name in git.branches:
        raise refused("BranchNameExistsException", f"The branch {name} exists already.")
    if commit_id not in git.commits:
        raise refused("CommitDoesNotExistException", f"There is no commit {commit_id}.")
    git.branches[name] = commit_id
    return ""


def delete_branch(self: CodeCommitResponse) -> str:
    # AWS rejects the default branch, and ignores a missing one; moto has no DeleteBranch.
    repository = named(self)
    name = checked_branch(self._get_param("branchName"))
    if name == repository.repository_metadata.get("defaultBranch"):
        raise refused("DefaultBranchCannotBeDeletedException", f"{name} is the default branch.")
    commit_id = git_of(repository).branches.pop(name, None)
    deleted = {"branchName": name, "commitId": commit_id}
    return json.dumps({"deletedBranch": deleted} if commit_id else {})


def get_branch(self: CodeCommitResponse) -> str:
    # AWS answers the tip; moto has no GetBranch.
    git = git_of(named(self))
    name = checked_branch(self._get_param("branchName"))
    if name not in git.branches:
        raise refused("BranchDoesNotExistException", f"The branch {name} does not exist.")
    return json.dumps({"branch": {"branchName": name, "commitId": git.branches[name]}})


def list_branches(self: CodeCommitResponse) -> str:
    # AWS lists names; moto has no ListBranches.
    return json.dumps({"branches": sorted(git_of(named(self)).branches)})


def update_default_branch(self: CodeCommitResponse) -> str:
    # AWS takes any branch that is there; moto has no UpdateDefaultBranch.
    repository = named(self)
    name = checked_branch(self._get_param("defaultBranchName"))
    if name not in git_of(repository).branches:
        raise refused("BranchDoesNotExistException", f"The branch {name} does not exist.")
    repository.repository_metadata["defaultBranch"] = name
    return ""

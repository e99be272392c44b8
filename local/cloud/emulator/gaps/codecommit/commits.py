"""Commits of AWS CodeCommit, as real git objects."""

import json
import re
import time
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

from moto.codecommit.models import CodeCommit
from moto.codecommit.responses import CodeCommitResponse
from moto.core.exceptions import JsonRESTError

from .git_objects import Commit, Entry, Git
from .repositories import named

MODES = {"NORMAL": "100644", "EXECUTABLE": "100755", "SYMLINK": "120000"}
MODE_NAMES = {mode: name for name, mode in MODES.items()}
MB = 1024 * 1024
# Named by AWS's quotas and by the text of FileContentSizeLimitExceededException.
MOST_ENTRIES, MOST_BYTES_OF_FILE, MOST_BYTES = 100, 6 * MB, 7 * MB


def close() -> None:
    CodeCommitResponse.create_commit = create_commit
    CodeCommitResponse.get_commit = get_commit


def create_commit(self: CodeCommitResponse) -> str:
    # AWS commits onto the named tip, or creates the first branch; moto has no CreateCommit.
    git = git_of(named(self))
    for parameter in ("setFileModes", "keepEmptyFolders"):
        if self._get_param(parameter):
            raise NotImplementedError(f"CreateCommit with {parameter}")
    branch = checked_branch(self._get_param("branchName"))
    parent = checked_parent(git, branch, self._get_param("parentCommitId"))
    before = dict(git.files(git.commits[parent].tree_id)) if parent else {}
    after, deleted = changed(
        git, before, self._get_param("putFiles") or [], self._get_param("deleteFiles") or []
    )
    if after == before:
        raise refused("NoChangeException", "The commit cannot be created: nothing would change.")
    commit_id, tree_id = add_commit(self, git, branch, after)
    added = [it for it in after if it not in before]
    updated = [it for it in after if it in before and after[it] != before[it]]
    return json.dumps(
        {
            "commitId": commit_id,
            "treeId": tree_id,
            "filesAdded": [described(path, after[path]) for path in added],
            "filesUpdated": [described(path, after[path]) for path in updated],
            "filesDeleted": [described(path, before[path]) for path in deleted],
        }
    )


def add_commit(
    self: CodeCommitResponse, git: Git, branch: str, files: dict[str, Entry]
) -> tuple[str, str]:
    """Makes the files the tip of the branch; returns the ids of commit and tree."""
    tree_id = git.add_tree(files)
    parent = git.branches.get(branch)
    commit = Commit(
        tree_id=tree_id,
        parents=(parent,) if parent else (),
        author=self._get_param("authorName") or "",
        email=self._get_param("email") or "",
        date=f"{int(time.time())} +0000",
        message=self._get_param("commitMessage") or "",
    )
    git.branches[branch] = git.add_commit(commit)
    # The first branch that is pushed becomes the default branch.
    named(self).repository_metadata.setdefault("defaultBranch", branch)
    return git.branches[branch], tree_id


def checked_branch(name: str | None) -> str:
    if not name:
        raise refused("BranchNameRequiredException", "A branch name is required.")
    is_legal = len(name) <= 256 and not re.search(r"[\s~^:?*\[\\]|\.\.|^[/.-]|[/.]$|\.lock$", name)
    if not is_legal or re.fullmatch("[0-9a-f]{40}", name):
        raise refused("InvalidBranchNameException", f"The branch name {name} is not valid.")
    return name


def checked_parent(git: Git, branch: str, parent: str | None) -> str | None:
    tip = git.branches.get(branch)
    if tip is None and git.commits:
        raise refused("BranchDoesNotExistException", f"The branch {branch} does not exist.")
    if parent == tip:
        return tip
    if parent is None:
        raise refused("ParentCommitIdRequiredException", f"The tip of {branch} is {tip}: name it.")
    if parent not in git.commits:
        raise refused("ParentCommitDoesNotExistException", f"There is no commit {parent}.")
    raise refused("ParentCommitIdOutdatedException", f"The tip of {branch} is {tip}, not {parent}.")


def changed(
    git: Git, before: dict[str, Entry], puts: list[Any], deletes: list[Any]
) -> tuple[dict[str, Entry], list[str]]:
    deleted = [checked_path(it) for it in deletes]
    paths = [checked_path(it) for it in puts] + deleted
    if not paths:
        raise refused("FileEntryRequiredException", "The commit must put or delete a file.")
    if len(paths) > MOST_ENTRIES:
        raise refused("MaximumFileEntriesExceededException", f"{len(paths)} files: at most 100.")
    if len(set(paths)) < len(paths):
        raise refused("SamePathRequestException", "A file is named more than once.")
    for path in deleted:
        if path not in before:
            raise refused("FileDoesNotExistException", f"There is no file {path}.")

    contents = [checked_content(it) for it in puts]
    too_large = any(len(content) > MOST_BYTES_OF_FILE for content in contents)
    if too_large or sum(map(len, contents)) > MOST_BYTES:
        raise refused(
            "FileContentSizeLimitExceededException", "A file may have 6 MB, all together 7 MB."
        )
    after = {path: entry for path, entry in before.items() if path not in deleted}
    for put, content in zip(puts, contents, strict=True):
        path = put["filePath"]
        mode = checked_mode(put.get("fileMode"), after.get(path))
        after[path] = Entry(mode, git.add_blob(content))
    refuse_conflicts(after)
    return after, deleted


def checked_path(entry: dict[str, Any]) -> str:
    path: str = entry.get("filePath") or ""
    if not path:
        raise refused("PathRequiredException", "The path of a file is required.")
    if any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise refused("InvalidPathException", f"The path {path} is not valid.")
    return path


def checked_content(put: dict[str, Any]) -> bytes:
    if put.get("sourceFile"):
        raise NotImplementedError("CreateCommit with sourceFile")
    content = put.get("fileContent")
    # AWS takes no empty file through its API, only through git.
    if not content:
        raise refused("SourceFileOrContentRequiredException", f"{put['filePath']} has no content.")
    try:
        return b64decode(content, validate=True)
    except NotBase64:
        raise refused("SerializationException", f"{put['filePath']} is not Base64.") from None


def checked_mode(mode: str | None, existing: Entry | None) -> str:
    if mode is None:
        return existing.mode if existing else MODES["NORMAL"]
    if mode not in MODES:
        raise refused("InvalidFileModeException", f"{mode} is none of {', '.join(MODES)}.")
    return MODES[mode]


def refuse_conflicts(files: dict[str, Entry]) -> None:
    for path in files:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in files:
                raise refused(
                    "DirectoryNameConflictsWithFileNameException",
                    f"{folder} is a file, and cannot be the folder of {path}.",
                )


def get_commit(self: CodeCommitResponse) -> str:
    # AWS answers a commit by its whole id; moto has no GetCommit.
    git = git_of(named(self))
    commit_id = self._get_param("commitId") or ""
    commit = git.commits.get(commit_id)
    if commit is None:
        raise refused("CommitIdDoesNotExistException", f"There is no commit {commit_id}.")
    who = {"name": commit.author, "email": commit.email, "date": commit.date}
    answer = {
        "commitId": commit_id,
        "treeId": commit.tree_id,
        "parents": commit.parents,
        "message": commit.message,
        "author": who,
        "committer": who,
        "additionalData": "",
    }
    return json.dumps({"commit": answer})


def described(path: str, entry: Entry) -> dict[str, str]:
    mode = MODE_NAMES[entry.mode]
    return {"absolutePath": path, "blobId": entry.object_id, "fileMode": mode}


def git_of(repository: CodeCommit) -> Git:
    git: Git = vars(repository).setdefault("git", Git())
    return git


def refused(code: str, message: str) -> JsonRESTError:
    return JsonRESTError(code, message)

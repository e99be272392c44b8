"""Folders, files and differences of commits of AWS CodeCommit."""

import json
from base64 import b64encode
from typing import Any

from moto.codecommit.models import CodeCommit
from moto.codecommit.responses import CodeCommitResponse

from .commits import MODE_NAMES, MODES, git_of, refused
from .git_objects import FOLDER, Entry
from .repositories import named


def close() -> None:
    CodeCommitResponse.get_folder = get_folder
    CodeCommitResponse.get_file = get_file
    CodeCommitResponse.get_blob = get_blob
    CodeCommitResponse.get_differences = get_differences


def get_folder(self: CodeCommitResponse) -> str:
    # AWS lists one folder without its subfolders' content; moto has no GetFolder.
    repository = named(self)
    git = git_of(repository)
    path = (self._get_param("folderPath") or "").strip("/")
    commit_id = specified(repository, self._get_param("commitSpecifier"))
    found = git.find(git.commits[commit_id].tree_id, path)
    if found is None or found.mode != FOLDER:
        raise refused("FolderDoesNotExistException", f"There is no folder {path}.")
    answer: dict[str, Any] = {
        "commitId": commit_id,
        "folderPath": path,
        "treeId": found.object_id,
        "subFolders": [],
        "files": [],
        "symbolicLinks": [],
        "subModules": [],
    }
    for name, entry in sorted(git.trees[found.object_id].items()):
        where = {"absolutePath": f"{path}/{name}" if path else name, "relativePath": name}
        if entry.mode == FOLDER:
            answer["subFolders"].append({"treeId": entry.object_id} | where)
        else:
            kind = "symbolicLinks" if entry.mode == MODES["SYMLINK"] else "files"
            blob = {"blobId": entry.object_id, "fileMode": MODE_NAMES[entry.mode]}
            answer[kind].append(blob | where)
    return json.dumps(answer)


def get_file(self: CodeCommitResponse) -> str:
    # AWS answers one file of a commit; moto has no GetFile.
    repository = named(self)
    git = git_of(repository)
    path = self._get_param("filePath") or ""
    commit_id = specified(repository, self._get_param("commitSpecifier"))
    found = git.find(git.commits[commit_id].tree_id, path)
    if found is None or found.mode == FOLDER:
        raise refused("FileDoesNotExistException", f"There is no file {path}.")
    content = git.blobs[found.object_id]
    answer = {
        "commitId": commit_id,
        "blobId": found.object_id,
        "filePath": path,
        "fileMode": MODE_NAMES[found.mode],
        "fileSize": len(content),
        "fileContent": b64encode(content).decode(),
    }
    return json.dumps(answer)


def get_blob(self: CodeCommitResponse) -> str:
    # AWS answers a file's content by the id of its blob; moto has no GetBlob.
    blob_id = self._get_param("blobId")
    content = git_of(named(self)).blobs.get(blob_id)
    if content is None:
        raise refused("BlobIdDoesNotExistException", f"There is no blob {blob_id}.")
    return json.dumps({"content": b64encode(content).decode()})


def get_differences(self: CodeCommitResponse) -> str:
    # AWS compares with nothing if no earlier commit is named; moto has no GetDifferences.
    repository = named(self)
    for parameter in ("beforePath", "afterPath", "NextToken"):
        if self._get_param(parameter):
            raise NotImplementedError(f"GetDifferences with {parameter}")
    earlier = self._get_param("beforeCommitSpecifier")
    before = files_at(repository, earlier) if earlier else {}
    after = files_at(repository, self._get_param("afterCommitSpecifier"))
    differences = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        one = {"changeType": "A" if old is None else "D" if new is None else "M"}
        blobs = {"beforeBlob": old, "afterBlob": new}
        differences.append(one | {side: blob(path, it) for side, it in blobs.items() if it})
    return json.dumps({"differences": differences})


def files_at(repository: CodeCommit, specifier: str | None) -> dict[str, Entry]:
    git = git_of(repository)
    return dict(git.files(git.commits[specified(repository, specifier)].tree_id))


def specified(repository: CodeCommit, specifier: str | None) -> str:
    """A commit by its id, branch or HEAD; the tip of the default branch if none is named."""
    git = git_of(repository)
    default = repository.repository_metadata.get("defaultBranch", "")
    branch = default if specifier in (None, "HEAD") else specifier.removeprefix("refs/heads/")
    commit_id = git.branches.get(branch, branch)
    if commit_id not in git.commits:
        raise refused("CommitDoesNotExistException", f"There is no commit {specifier or ''}.")
    return commit_id


def blob(path: str, entry: Entry) -> dict[str, str]:
    return {"path": path, "blobId": entry.object_id, "mode": entry.mode}

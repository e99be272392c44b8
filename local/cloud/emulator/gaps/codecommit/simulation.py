"""Operations of the emulator itself, which AWS does not have; not for upstream.

Git pushes to CodeCommit by its own protocol. Here `local/scenarios` pushes with
`CodeCommit_20150413.EmulatorPush`, which takes what git takes and CreateCommit does not: empty
files, and any number of files of any size. `EmulatorClone` answers the git objects that a clone has.
"""

import json
from base64 import b64decode, b64encode

from moto.codecommit.responses import CodeCommitResponse

from .commits import MODES, add_commit, checked_branch, checked_path, git_of, refuse_conflicts
from .git_objects import Entry, tree_body
from .repositories import named


def close() -> None:
    CodeCommitResponse.emulator_clone = emulator_clone
    CodeCommitResponse.emulator_push = emulator_push


def emulator_clone(self: CodeCommitResponse) -> str:
    """All objects and branches of the repository."""
    git = git_of(named(self))
    bodies = {
        "blob": git.blobs,
        "tree": {tree_id: tree_body(entries) for tree_id, entries in git.trees.items()},
        "commit": {commit_id: commit.body() for commit_id, commit in git.commits.items()},
    }
    objects = [
        {"id": object_id, "kind": kind, "body": b64encode(body).decode()}
        for kind, found in bodies.items()
        for object_id, body in found.items()
    ]
    return json.dumps({"branches": git.branches, "objects": objects})


def emulator_push(self: CodeCommitResponse) -> str:
    """Adds the files to those of the branch, or replaces all of them."""
    git = git_of(named(self))
    branch = checked_branch(self._get_param("branchName"))
    tip = git.branches.get(branch)
    keeps = tip is not None and not self._get_param("replacesAll")
    files = dict(git.files(git.commits[tip].tree_id)) if keeps else {}
    for one in self._get_param("files") or []:
        mode = MODES[one.get("fileMode") or "NORMAL"]
        files[checked_path(one)] = Entry(mode, git.add_blob(b64decode(one["fileContent"])))
    refuse_conflicts(files)
    commit_id, _ = add_commit(self, git, branch, files)
    return json.dumps({"commitId": commit_id})

"""Git objects with the ids, modes and trees that `git push` would create."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha1

FOLDER = "40000"


@dataclass(frozen=True)
class Entry:
    """What a tree says of one name in it."""

    mode: str
    object_id: str


@dataclass(frozen=True)
class Commit:
    tree_id: str
    parents: tuple[str, ...]
    author: str
    email: str
    # Seconds since 1970 and the zone, as git writes them.
    date: str
    message: str

    def body(self) -> bytes:
        who = f"{self.author} <{self.email}> {self.date}"
        parents = [f"parent {parent}" for parent in self.parents]
        head = [f"tree {self.tree_id}", *parents, f"author {who}", f"committer {who}"]
        return "\n".join([*head, "", self.message]).encode()


@dataclass
class Git:
    """One repository: its objects by id, and its branches."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, dict[str, Entry]] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)

    def add_blob(self, content: bytes) -> str:
        blob_id = object_id("blob", content)
        self.blobs[blob_id] = content
        return blob_id

    def add_tree(self, files: dict[str, Entry]) -> str:
        """`files` by their paths; folders come from the paths, so that none is empty."""
        entries = {path: entry for path, entry in files.items() if "/" not in path}
        folders: dict[str, dict[str, Entry]] = {}
        for path, entry in files.items():
            folder, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(folder, {})[rest] = entry
        for folder, inside in folders.items():
            entries[folder] = Entry(FOLDER, self.add_tree(inside))
        tree_id = object_id("tree", tree_body(entries))
        self.trees[tree_id] = entries
        return tree_id

    def add_commit(self, commit: Commit) -> str:
        commit_id = object_id("commit", commit.body())
        self.commits[commit_id] = commit
        return commit_id

    def files(self, tree_id: str, folder: str = "") -> Iterator[tuple[str, Entry]]:
        """Every file below the tree with its path."""
        for name, entry in self.trees[tree_id].items():
            if entry.mode == FOLDER:
                yield from self.files(entry.object_id, f"{folder}{name}/")
            else:
                yield f"{folder}{name}", entry

    def find(self, tree_id: str, path: str) -> Entry | None:
        """The file or folder at the path; the tree itself for an empty one."""
        found: Entry | None = Entry(FOLDER, tree_id)
        for name in path.split("/") if path else []:
            if found is None or found.mode != FOLDER:
                return None
            found = self.trees[found.object_id].get(name)
        return found


def object_id(kind: str, body: bytes) -> str:
    return sha1(f"{kind} {len(body)}\0".encode() + body, usedforsecurity=False).hexdigest()


def tree_body(entries: dict[str, Entry]) -> bytes:
    # Git sorts a folder as if its name ended in a slash.
    def order(name: str) -> bytes:
        return f"{name}/".encode() if entries[name].mode == FOLDER else name.encode()

    return b"".join(
        f"{entries[name].mode} {name}\0".encode() + bytes.fromhex(entries[name].object_id)
        for name in sorted(entries, key=order)
    )

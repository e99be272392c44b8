"""Source trees of base and head in git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.comparison.errors import ComparisonError


@contextmanager
def checkout(ref: str, tree: Path, folder: Path) -> Iterator[Path]:
    """Temporary git worktree of a branch, tag or commit; yields the folder that `tree` is in it."""
    prefix = _git(tree, "rev-parse", "--show-prefix")
    worktree = folder / "worktree"
    _git(tree, "worktree", "add", "--quiet", "--detach", str(worktree), _commit(ref, tree))
    try:
        yield worktree / prefix
    finally:
        _git(tree, "worktree", "remove", "--force", str(worktree))


def describe_base(ref: str, tree: Path) -> str:
    """Name and commit of base."""
    return f"{ref} ({_commit(ref, tree)[:10]})"


def describe_head(tree: Path) -> str:
    """Commit of the working tree, and whether it has changes."""
    changes = " with uncommitted changes" if _git(tree, "status", "--porcelain", ".") else ""
    return f"working tree at {_commit('HEAD', tree)[:10]}{changes}"


def _commit(ref: str, tree: Path) -> str:
    return _git(tree, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")


def _git(tree: Path, *arguments: str) -> str:
    command = ["git", "-C", str(tree), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode != 0:
        reason = result.stderr.strip() or "git found no such commit"
        raise ComparisonError(f"git {' '.join(arguments)}: {reason}")
    return result.stdout.strip()

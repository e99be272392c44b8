"""Text of the comment, and the one comment of a pull request that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipelines.comparison.picture import svg_picture
from pipelines.comparison.report import markdown
from pipelines.comparison.text import code
from pipelines.pull_request.findings import FindingsError, read_findings
from pipelines.trial.result import section_in

# A link definition: invisible, also where HTML is shown as text.
MARKER = "[//]: # (model-comparison)"
FILE = "comparison.json"


def comment_text(content: bytes | None, head: str, log: str) -> str:
    """Comment about a commit; `content`: the findings, None if the comparison failed."""
    note = f"The code of the pull request computed these figures: [log]({log})."
    try:
        if content is None:
            raise FindingsError(f"the comparison failed: [log]({log})")
        report = markdown({**read_findings(content), "head": head})
    except FindingsError as error:
        # The message has no text of the findings.
        return f"{MARKER}\n\n## Model comparison: failed\n\nCommit {code(head)}: {error}\n"
    return f"{MARKER}\n\n{report}\n{note}\n"


def read_file(folder: Path) -> bytes | None:
    """Findings in a folder that an artifact was downloaded to."""
    file = folder / FILE
    # A link could name a file of this machine.
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def write_picture(content: bytes | None, file: Path) -> None:
    """SVG of valid findings."""
    try:
        file.write_text(svg_picture(read_findings(content or b"")["metrics"]))
    except FindingsError:
        return


def sync(
    comments: Iterable[dict[str, Any]],
    text: str,
    create: Callable[[str], object],
    update: Callable[[dict[str, Any], str], object],
) -> str:
    """Creates or edits the comment; `comments`: those of this job's own user."""
    for comment in comments:
        if not comment["text"].startswith(MARKER):
            continue
        # The section of a trial stays as long as the comment is about its commit.
        trial = section_in(comment["text"], text)
        text = f"{text}\n{trial}" if trial else text
        if comment["text"].strip() == text.strip():
            return "unchanged"
        update(comment, text)
        return "edited"
    create(text)
    return "created"

"""Markdown that is safe with text from a pull request: names, paths and messages are data.

Only modules of the standard library: the job that comments installs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# CodeCommit accepts 10,240 characters in a comment, GitHub and GitLab more.
LIMIT = 10_000
LONGEST_TEXT = 200
MOST_LINES = 15


def code(text: object, longest: int = LONGEST_TEXT) -> str:
    """Inline code: no Markdown, HTML, mention or link in it, and nothing invisible."""
    plain = "".join(sign if sign.isprintable() else " " for sign in str(text))
    # A backtick would end the code and a bar the cell of a table.
    short = " ".join(plain.replace("`", "'").replace("|", "¦").split())
    return f"`{short if len(short) <= longest else short[: longest - 3] + '...'}`"


def fenced(text: str) -> str:
    """Code block; the text has no backticks."""
    return f"```text\n{text}\n```"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Table; every cell that is not a fixed text or a number must be `code`."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listed(lines: Sequence[str]) -> str:
    """List of at most MOST_LINES items."""
    more = len(lines) - MOST_LINES
    shown = [*lines[:MOST_LINES], *([f"and {more} more"] if more > 0 else [])]
    return "\n".join(f"- {line}" for line in shown)


def within(parts: Iterable[str], limit: int = LIMIT) -> str:
    """Whole parts, up to the limit of a comment."""
    text = ""
    for part in parts:
        if len(text) + len(part) > limit - 100:
            return f"{text}The other sections are left out: they are too long for a comment.\n"
        text += f"{part}\n\n"
    return text.rstrip("\n") + "\n"

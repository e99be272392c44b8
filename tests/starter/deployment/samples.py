"""Sample sets of the model versions, and what each version answers."""

from __future__ import annotations

_ROWS = ["1", "2"]


def answer_of(version: int, row: str) -> str:
    """Answer of a model version to a row of the sample set."""
    return f"{int(row) / 10 + version / 1000:.6g}"


def sample_files(version: int) -> dict[str, str]:
    """Content of the files of a version's sample set."""
    answers = [answer_of(version, row) for row in _ROWS]
    return {
        "request.csv": "".join(f"{row}\n" for row in _ROWS),
        "expected.csv": "\n".join(["probability", *answers, ""]),
    }

"""Request and response format of the inference handler, inference.py of the model build repository.

The handler is in the model archive: the approved handler is the deployed one. Change this file when
the handler changes its request or response format.
"""

from __future__ import annotations

CONTENT_TYPE = "text/csv"
ACCEPT = "text/csv"


def body(row: str) -> bytes:
    """Request body for one row of request.csv."""
    return f"{row}\n".encode()


def probability(content: bytes, content_type: str) -> float:
    """Parses the answer to one row: one probability."""
    text = content.decode(errors="replace").strip()
    if content_type.split(";")[0].strip() != ACCEPT:
        raise ValueError(f"the answer must be {ACCEPT}, got {content_type}: {text[:200]}")
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise ValueError(f'the answer must be one probability, got "{text[:200]}"')
    return value

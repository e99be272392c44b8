"""How to talk to the model's handler: the other half of inference.py in the model build repository.

The handler itself travels in the model's archive, so that what was approved is what runs. When it
takes or gives something else, this file is to change with it.
"""

from __future__ import annotations

CONTENT_TYPE = "text/csv"
ACCEPT = "text/csv"


def body(row: str) -> bytes:
    """What is sent for one row of request.csv."""
    return f"{row}\n".encode()


def probability(content: bytes, content_type: str) -> float:
    """Reads the answer to one row: a probability, alone on its line."""
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

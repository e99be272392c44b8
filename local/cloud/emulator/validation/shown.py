"""Values as a violation shows them."""

from typing import Any

LONGEST = 100
QUOTE = "'"


def shown(value: Any, is_secret: bool) -> str:
    if is_secret:
        return "(hidden)"
    if value is None:
        return "null"
    # What they hold may be a secret.
    if isinstance(value, (bytes, dict, list)):
        return f"(of length {len(value)})"
    text = str(value)
    return f"{QUOTE}{text if len(text) <= LONGEST else f'{text[:LONGEST]}...'}{QUOTE}"

"""Types and constraints of one value, in the words of AWS's errors."""

import base64
from collections.abc import Iterator
from typing import Any

from botocore.model import Shape
from botocore.utils import parse_timestamp

from .patterns import matches
from .values import FLOATS, INTEGERS

SPECIAL_FLOATS = ("NaN", "Infinity", "-Infinity")
TYPES: dict[str, type | tuple[type, ...]] = {
    "boolean": bool,
    "list": list,
    "map": dict,
    "string": str,
    "structure": dict,
}


def has_type(shape: Shape, value: Any) -> bool:
    kind = shape.type_name
    if shape.metadata.get("document"):
        return True
    if kind in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in FLOATS:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return is_number or value in SPECIAL_FLOATS
    if kind == "blob":
        return blob_length(value) is not None
    if kind == "timestamp":
        return is_timestamp(value)
    return isinstance(value, TYPES[kind])


def broken_constraints(shape: Shape, value: Any) -> Iterator[str]:
    limits, kind = shape.metadata, shape.type_name
    what, size = ("value", value) if kind in INTEGERS + FLOATS else ("length", length(kind, value))
    if isinstance(size, (int, float)):
        if size < limits.get("min", size):
            yield f"Member must have {what} greater than or equal to {limits['min']}"
        if size > limits.get("max", size):
            yield f"Member must have {what} less than or equal to {limits['max']}"
    if kind == "string":
        if "pattern" in limits and not matches(limits["pattern"], value):
            yield f"Member must satisfy regular expression pattern: {limits['pattern']}"
        if limits.get("enum") and value not in limits["enum"]:
            yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    if limits.get("union") and len(value) + len(value.unknown) != 1:
        yield "Exactly one member must be set"


def length(kind: str, value: Any) -> int | None:
    if kind == "blob":
        return blob_length(value)
    return len(value) if kind in ("list", "map", "string") else None


def blob_length(value: Any) -> int | None:
    """Length of bytes, or of their base64 in a body; None if the value is neither."""
    if isinstance(value, bytes):
        return len(value)
    try:
        return len(base64.b64decode(value, validate=True))
    except (TypeError, ValueError):
        return None


def is_timestamp(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        parse_timestamp(value)
    except (ValueError, OverflowError):
        return False
    return True

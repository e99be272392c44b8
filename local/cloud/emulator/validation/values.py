"""Values of a request, as a protocol wrote them, by the members of AWS's model."""

import json
from typing import Any

from botocore.model import Shape, StructureShape

INTEGERS = ("integer", "long", "short", "byte")
FLOATS = ("float", "double")


class Members(dict[str, Any]):
    """Members of a structure by name, and the names that the model does not have."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown: list[str] = []


def wire_name(shape: Shape, name: str) -> str:
    return shape.serialization.get("name", name)


def body_members(shape: StructureShape) -> dict[str, str]:
    """Member names by their names in a body."""
    return {
        wire_name(member, name): name
        for name, member in shape.members.items()
        if "location" not in member.serialization
    }


def from_text(shape: Shape, text: str) -> Any:
    """Scalar of a protocol that writes all values as text; the text itself if it is malformed."""
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    try:
        if shape.type_name in INTEGERS:
            return int(text)
        if shape.type_name in FLOATS:
            return float(text)
    except ValueError:
        pass
    return text


def from_json_body(shape: Shape, body: bytes) -> Any:
    """Body by member names; the text itself if it is malformed."""
    try:
        return from_json(shape, json.loads(body or b"{}"))
    except ValueError:
        return body.decode(errors="replace")


def from_json(shape: Shape, value: Any) -> Any:
    """JSON by member names. The rules check its types; null means that a member is not set."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return value if shape.is_document_type else structure_from_json(shape, value)
    if shape.type_name == "list" and isinstance(value, list):
        return [from_json(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: from_json(shape.value, item) for key, item in value.items()}
    return value


def structure_from_json(shape: StructureShape, value: dict[str, Any]) -> Members:
    known = body_members(shape)
    members = Members()
    for name, item in value.items():
        if name not in known:
            members.unknown.append(name)
        elif item is not None:
            members[known[name]] = from_json(shape.members[known[name]], item)
    return members

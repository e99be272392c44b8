"""Requests of the rest-json and rest-xml protocols: members in path, query, headers and body."""

from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, Shape
from moto.core.request import Request

from .rest_names import unknown_names
from .values import Members, from_json_body, from_text, wire_name
from .xml import from_xml


def from_rest(
    operation: OperationModel, protocol: str, request: Request, path: Mapping[str, str]
) -> Any:
    shape = operation.input_shape
    found = body_of(shape, protocol, request) if shape else Members()
    if not isinstance(found, Members):
        return found
    known: set[tuple[str | None, str]] = set()
    for name, member in shape.members.items() if shape else ():
        location = member.serialization.get("location")
        key = wire_name(member, name)
        known.add((location, key.lower()))
        value = located(location, key, member, request, path)
        if value is not None:
            found[name] = value
    found.unknown += unknown_names(operation, request, known)
    return found


def body_of(shape: Shape, protocol: str, request: Request) -> Any:
    body, payload = request.get_data(), shape.serialization.get("payload")
    found = Members()
    if payload is None:
        # Some operations have no member in the body, and some SDKs send an empty one.
        has_body = any("location" not in member.serialization for member in shape.members.values())
        return decoded(shape, protocol, body) if has_body and body else found
    member = shape.members[payload]
    if member.type_name in ("blob", "string"):
        found[payload] = body if member.type_name == "blob" else body.decode(errors="replace")
    elif body:
        found[payload] = decoded(member, protocol, body)
    return found


def decoded(shape: Shape, protocol: str, body: bytes) -> Any:
    return from_xml(shape, body) if protocol == "rest-xml" else from_json_body(shape, body)


def located(
    location: str | None, key: str, shape: Shape, request: Request, path: Mapping[str, str]
) -> Any:
    """Value of a member outside of the body; None if it is not set."""
    texts: list[str] = []
    if location == "uri":
        texts = [path[key]] if key in path else []
    elif location == "querystring":
        texts = request.args.getlist(key)
    elif location == "header":
        texts = request.headers.getlist(key)
    elif location == "headers":
        named = {name.lower(): text for name, text in request.headers.items()}
        start = key.lower()
        return {name[len(start) :]: named[name] for name in named if name.startswith(start)} or None
    if not texts:
        return None
    if shape.type_name == "list":
        items = texts if location == "querystring" else texts[0].split(",")
        return [from_text(shape.member, item.strip()) for item in items]
    return from_text(shape, texts[0])

"""Bodies of the rest-xml protocol."""

from collections import defaultdict
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from botocore.model import Shape, StructureShape

from .values import Members, from_text, wire_name


def from_xml(shape: Shape, body: bytes) -> Any:
    try:
        return value(shape, [fromstring(body)])
    except ParseError:
        return body.decode(errors="replace")


def value(shape: Shape, elements: list[Element]) -> Any:
    """Value of the elements of one name; only those of a flattened list are several."""
    if isinstance(shape, StructureShape):
        return members(shape, elements[0])
    if shape.type_name == "list":
        items = elements if is_flattened(shape) else list(elements[0])
        return [value(shape.member, [item]) for item in items]
    if shape.type_name == "map":
        pairs = elements if is_flattened(shape) else list(elements[0])
        return dict(entry(shape, pair) for pair in pairs)
    return from_text(shape, elements[0].text or "")


def members(shape: StructureShape, parent: Element) -> Members:
    children: dict[str, list[Element]] = defaultdict(list)
    for child in parent:
        children[local(child.tag)].append(child)
    attributes = {local(name): text for name, text in parent.attrib.items()}
    found = Members()
    for name, member in shape.members.items():
        tag = tag_of(member, name)
        if member.serialization.get("xmlAttribute"):
            text = attributes.get(tag.split(":")[-1])
            if text is not None:
                found[name] = text
        elif "location" not in member.serialization and tag in children:
            found[name] = value(member, children.pop(tag))
    found.unknown = list(children)
    return found


def entry(shape: Shape, pair: Element) -> tuple[Any, Any]:
    parts = {local(part.tag): part for part in pair}
    key, item = parts[wire_name(shape.key, "key")], parts[wire_name(shape.value, "value")]
    return value(shape.key, [key]), value(shape.value, [item])


def tag_of(shape: Shape, name: str) -> str:
    own = wire_name(shape, name)
    is_repeated = shape.type_name == "list" and is_flattened(shape)
    return wire_name(shape.member, own) if is_repeated else own


def is_flattened(shape: Shape) -> bool:
    return bool(shape.serialization.get("flattened"))


def local(tag: str) -> str:
    """Name without its namespace."""
    return tag.split("}")[-1]

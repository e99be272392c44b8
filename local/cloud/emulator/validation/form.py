"""Requests of the query and ec2 protocols: one form field for each scalar, named by its path."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import Shape

from .values import Members, from_text, wire_name

ENVELOPE = ("Action", "Version")
ABSENT = object()


def from_form(shape: Shape | None, fields: Mapping[str, str], is_ec2: bool) -> Members:
    form = Form(fields, is_ec2)
    found = form.members(shape, "") if shape else Members()
    found.unknown = [name for name in fields if name not in form.used and name not in ENVELOPE]
    return found


class Form:
    def __init__(self, fields: Mapping[str, str], is_ec2: bool) -> None:
        self.fields = fields
        self.is_ec2 = is_ec2
        self.used: set[str] = set()

    def value(self, shape: Shape, prefix: str) -> Any:
        if not any(name == prefix or name.startswith(f"{prefix}.") for name in self.fields):
            return ABSENT
        if shape.type_name == "structure":
            return self.members(shape, f"{prefix}.")
        if shape.type_name == "list":
            return self.items(shape, prefix)
        if shape.type_name == "map":
            return self.entries(shape, prefix)
        if prefix not in self.fields:
            return ABSENT
        self.used.add(prefix)
        return from_text(shape, self.fields[prefix])

    def members(self, shape: Shape, prefix: str) -> Members:
        found = Members()
        for name, member in shape.members.items():
            value = self.value(member, prefix + self.field_name(member, name))
            if value is not ABSENT:
                found[name] = value
        return found

    def items(self, shape: Shape, prefix: str) -> list[Any]:
        # An empty list is a field without a text.
        if self.fields.get(prefix) == "":
            self.used.add(prefix)
        if not self.is_ec2:
            prefix = f"{prefix}.{wire_name(shape.member, 'member')}"
        return self.numbered(lambda place: self.value(shape.member, f"{prefix}.{place}"))

    def entries(self, shape: Shape, prefix: str) -> dict[str, Any]:
        key, value = wire_name(shape.key, "key"), wire_name(shape.value, "value")
        keys = self.numbered(lambda place: self.value(shape.key, f"{prefix}.entry.{place}.{key}"))
        values = self.numbered(
            lambda place: self.value(shape.value, f"{prefix}.entry.{place}.{value}")
        )
        return dict(zip(keys, values, strict=False))

    def numbered(self, at: Callable[[int], Any]) -> list[Any]:
        found: list[Any] = []
        while (value := at(len(found) + 1)) is not ABSENT:
            found.append(value)
        return found

    def field_name(self, shape: Shape, name: str) -> str:
        if not self.is_ec2:
            return wire_name(shape, name)
        known = wire_name(shape, name)
        return shape.serialization.get("queryName", known[0].upper() + known[1:])

"""Rules of AWS's model for the members of a request, nested."""

from collections.abc import Iterator
from typing import Any

from botocore.model import Shape, StructureShape

from .constraints import broken_constraints, has_type
from .shown import QUOTE, shown
from .values import Members


class Rules:
    """Checks values, counts them, and collects the violations."""

    def __init__(self) -> None:
        self.count = 0
        self.violations: list[str] = []

    def check(self, shape: Shape, value: Any, path: str = "", is_secret: bool = False) -> None:
        self.count += 1
        is_secret = is_secret or bool(shape.metadata.get("sensitive"))
        if not has_type(shape, value):
            kind = shape.type_name
            rule = f"Member must be {'an' if kind == 'integer' else 'a'} {kind}"
            # In place of a structure, a text may hold the secrets of its members.
            is_hidden = is_secret or kind in ("list", "map", "structure")
            self.violate(path or "body", rule, shown(value, is_hidden))
            return
        for rule in broken_constraints(shape, value):
            self.violate(path, rule, shown(value, is_secret))
        for child, name, item in self.children(shape, value, path, is_secret):
            self.check(child, item, name, is_secret)

    def children(
        self, shape: Shape, value: Any, path: str, is_secret: bool
    ) -> Iterator[tuple[Shape, str, Any]]:
        if isinstance(shape, StructureShape) and isinstance(value, Members):
            start = f"{path}." if path else ""
            self.check_names(shape, value, start)
            for name, item in value.items():
                yield shape.members[name], f"{start}{name}", item
        elif shape.type_name == "list":
            for place, item in enumerate(value):
                yield shape.member, f"{path}[{place}]", item
        elif shape.type_name == "map":
            for key, item in value.items():
                yield shape.key, f"{path} (key)", key
                is_hidden = is_secret or bool(shape.key.metadata.get("sensitive"))
                yield shape.value, f"{path}[{shown(key, is_hidden).strip(QUOTE)}]", item

    def check_names(self, shape: StructureShape, value: Members, start: str) -> None:
        for name in value.unknown:
            # Its value may be a secret under a misspelled name.
            self.violate(f"{start}{name}", f"{shape.name} has no such member", "(not shown)")
        for name in self.required(shape):
            if name not in value:
                self.violate(f"{start}{name}", "Member must not be null", "null")

    def required(self, shape: StructureShape) -> list[str]:
        return shape.required_members

    def violate(self, path: str, rule: str, value: str) -> None:
        self.violations.append(f"Value {value} at '{path}' failed to satisfy constraint: {rule}")

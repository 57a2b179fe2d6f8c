# SPDX-License-Identifier: Apache-2.0
"""Values as a C program writes them: initialisers of models, and conditions on results."""

from __future__ import annotations

import json
from typing import Any

from .document import Mismatch
from .naming import Member, Naming
from .values import FREE

_ESCAPES = {"\\": "\\\\", '"': '\\"', "?": "\\?", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text(value: str) -> str:
    """A string literal."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def dump(value: Any) -> str:
    """JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def kinds(value: Any) -> set[str]:
    """The kinds of members that can hold a value."""
    if isinstance(value, bool):
        return {"bool", "json"}
    if isinstance(value, (int, float)):
        return {"int", "double", "json"} if isinstance(value, int) else {"double", "json"}
    if isinstance(value, str):
        return {"string", "enum", "json"}
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return {"strings", "enums", "json"}
        return {"objects", "json"} if all(isinstance(item, dict) for item in value) else {"json"}
    if isinstance(value, dict):
        maps = {"map_strings": str, "map_objects": dict}
        return {"object", "json", *(kind for kind, of in maps.items() if all(isinstance(v, of) for v in value.values()))}
    raise Mismatch(f"no member holds {value!r}")


class Initialisers:
    """Models as designated initialisers."""

    def __init__(self, naming: Naming):
        self._naming = naming

    def model(self, struct: str, value: dict[str, Any]) -> str:
        """A braced initialiser of a struct."""
        extras = [f"{{{text(name)}, {text(dump(item))}, NULL}}" for name, item in value.items()
                  if self._is_extra(struct, name)]
        members = [f"WIRE_EXTRAS({struct}, {len(extras)}, {', '.join(extras)})" if extras else f"W({struct})"]
        for name, item in value.items():
            if self._is_extra(struct, name):
                continue
            member = self._naming.member(struct, name, kinds(item))
            members.append(f".{member.name} = {self.member(member, item)}")
            if isinstance(item, list) and member.kind != "json" or member.kind.startswith("map_"):
                members.append(f".{member.name}_count = {len(item)}")
        return "{" + ", ".join(members) + "}"

    def _is_extra(self, struct: str, name: str) -> bool:
        return name == FREE or not self._naming.has_members(struct)

    def pointer(self, struct: str, value: Any) -> str:
        """The address of a model."""
        if not isinstance(value, dict):
            raise Mismatch(f"{struct} cannot be {value!r}")
        return f"&({struct}){self.model(struct, value)}"

    def items(self, struct: str, values: list[Any]) -> str:
        """An array of addresses of models."""
        return f"({struct} *[]){{" + ", ".join(self.pointer(struct, value) for value in values) + "}"

    def scalar(self, member: Member, value: Any) -> str:
        """An initialiser of a value that is no model."""
        if member.kind in ("bool", "int", "double"):
            return f"{{true, {dump(value)}}}"
        if member.kind == "enum":
            return self._naming.constant(member.target, value)
        if member.kind == "enums":
            return f"({member.target}[]){{" + ", ".join(self._naming.constant(member.target, item) for item in value) + "}"
        if member.kind == "strings":
            return "(const char *[]){" + ", ".join(text(item) for item in value) + "}"
        return text(dump(value)) if member.kind == "json" else text(value)

    def member(self, member: Member, value: Any) -> str:
        """An initialiser of any value."""
        if member.kind == "object":
            return self.pointer(member.target, value)
        if member.kind == "objects":
            return self.items(member.target, value)
        if member.kind == "map_strings":
            entries = ", ".join(f"{{{text(name)}, {text(item)}}}" for name, item in value.items())
            return f"(okta_string_entry[]){{{entries}}}"
        if member.kind == "map_objects":
            entries = ", ".join(f"{{{text(name)}, {self.pointer(member.target, item)}}}" for name, item in value.items())
            return f"({member.target}_entry[]){{{entries}}}"
        return self.scalar(member, value)

    # -- results --

    def holds(self, struct: str, value: dict[str, Any], at: str) -> str:
        """A condition on the scalars of a model `at`; on one member where it has none."""
        if not value:
            return f"{at} != NULL"
        name, item = next(iter(value.items()))
        if self._is_extra(struct, name):
            return f"wire_same(okta_extra({at}, {text(name)}), {text(dump(item))})"
        found = [(self._naming.member(struct, name, kinds(item)), item) for name, item in value.items()
                 if not self._is_extra(struct, name)]
        scalars = [pair for pair in found if pair[0].kind in ("string", "enum", "int", "bool", "double")]
        return " && ".join(self._member_holds(member, item, f"{at}->{member.name}")
                           for member, item in (scalars or found[:1]))

    def _member_holds(self, member: Member, value: Any, at: str) -> str:
        if member.kind in ("string", "json"):
            return f"wire_same({at}, {text(value if member.kind == 'string' else dump(value))})"
        if member.kind == "enum":
            return f"{at} == {self._naming.constant(member.target, value)}"
        if member.kind in ("bool", "int", "double"):
            return f"{at}.has && {at}.value == {dump(value)}"
        if member.kind == "object":
            return f"{at} != NULL && {self.holds(member.target, value, at)}"
        count = f"{at}_count == {len(value)}"
        if member.kind == "objects":
            return f"{count} && {self.holds(member.target, value[0], at + '[0]')}"
        if member.kind == "strings":
            return f"{count} && wire_same({at}[0], {text(value[0])})"
        return count

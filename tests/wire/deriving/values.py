# SPDX-License-Identifier: Apache-2.0
"""Chooses a value for a schema, by one rule: all that is required, and beside that the first of each JSON kind."""

from __future__ import annotations

from typing import Any

from .document import Document
from .schema import View, look

# Texts of formats that somebody may check.
_FORMATS = {
    "date-time": "2026-01-02T03:04:05.000Z",
    "date": "2026-01-02",
    "email": "wire@example.com",
    "uri": "https://example.com/wire?a=b&c=d",
    "url": "https://example.com/wire?a=b&c=d",
    "hostname": "wire.example.com",
    "ipv4": "192.0.2.1",
    "byte": "d2lyZQ==",
}
_DEEPEST = 5
# The name of a member that no description knows.
FREE = "any \u00e9"


def _stands_for_none(node: dict[str, Any]) -> bool:
    """A text that is null by default, or no text at all: a variant of an object says so that it has no such
    member (the conditions of policies)."""
    return (node.get("type") == "string" and node.get("nullable") is True and "default" in node
            and not isinstance(node["default"], str))


class Chooser:
    """Values for one direction of one operation."""

    def __init__(self, document: Document, turn: int, hidden: str, each: int):
        self._document = document
        self._turn = turn
        self._hidden = hidden  # "readOnly" in requests, "writeOnly" in answers
        self._each = each  # how many members of each kind an object has beside the required ones

    def value(self, nodes: list[dict[str, Any]], name: str = "value", depth: int = 0) -> Any:
        """A value of the conjunction of `nodes`; `name` is that of the member it is for."""
        view = look(self._document, nodes, self._turn)
        if view.enum:
            return self._enum(view, 0)
        if view.type == "string":
            return self._text(view, name)
        if view.type in ("integer", "number"):
            return self._number(view, name)
        if view.type == "boolean":
            return len(name) % 2 == 0
        if view.type == "array":
            return self._array(view, name, depth)
        if view.type == "object":
            return self._object(view, depth)
        return name  # nothing is told

    def _enum(self, view: View, skip: int) -> Any:
        """One of the texts, without a remark in parentheses behind it."""
        value = view.enum[(self._turn + skip) % len(view.enum)] if view.enum else None
        return value.partition(" (")[0] if isinstance(value, str) else value

    def _text(self, view: View, name: str) -> str:
        text = _FORMATS.get(view.facts.get("format", ""), f'{name} "\\\u00e9')
        if len(text) > view.facts.get("maxLength", len(text)):
            text = text[:view.facts["maxLength"]]
        return text.ljust(view.facts.get("minLength", 0), "x")

    def _number(self, view: View, name: str) -> int | float:
        low, high = view.facts.get("minimum"), view.facts.get("maximum")
        number: int | float = 40 + len(name)
        if view.type == "number":
            number += 0.5
        if high is not None and number > high:
            number = high
        return low if low is not None and number < low else number

    def _array(self, view: View, name: str, depth: int) -> list[Any]:
        if not view.items:
            return [1, None, name]
        one = self.value(view.items, name, depth + 1)
        inner = look(self._document, view.items, self._turn)
        count = max(view.facts.get("minItems", 1), 1)
        if inner.enum:
            return [self._enum(inner, i) for i in range(min(max(count, 2), len(inner.enum)))]
        if isinstance(one, str) and self._hidden == "readOnly":
            return [one, *(f"{name} {i}" for i in range(2, max(count, 2) + 1))]
        return [one] * count

    def _object(self, view: View, depth: int) -> dict[str, Any]:
        if not view.properties:
            if view.entries:
                return {"one \u00e9": self.value(view.entries, "entry", depth + 1)}
            return {FREE: [1, None, "\u00e9"]}
        wanted = self._wanted(view, depth)
        found = {}
        for name in view.properties:
            if name in wanted:
                found[name] = view.pinned.get(name) or self.value(view.properties[name], name, depth + 1)
        return found

    def _wanted(self, view: View, depth: int) -> set[str]:
        wanted: set[str] = set()
        counts: dict[str, int] = {}
        for name, nodes in view.properties.items():
            if any(_stands_for_none(self._document.follow(node)) for node in nodes):
                continue
            inner = look(self._document, nodes, self._turn)
            if inner.facts.get(self._hidden) is True or name in ("_links", "_embedded"):
                continue
            kind = "enum" if inner.enum else self._kind(inner)
            nested = kind not in ("enum", "string", "integer", "number", "boolean")
            counts[kind] = counts.get(kind, 0) + 1
            if name in view.pinned or (name in view.required and depth <= 2 * _DEEPEST):
                wanted.add(name)
            elif self._hidden == "writeOnly" and name in ("id", "status"):
                wanted.add(name)
            elif counts[kind] <= self._each and not (nested and depth >= _DEEPEST - 2):
                wanted.add(name)
        return wanted

    def _kind(self, view: View) -> str:
        if view.type == "array" and view.items:
            return "array of " + look(self._document, view.items, self._turn).type
        if view.type == "object" and view.entries and not view.properties:
            return "map"
        return view.type

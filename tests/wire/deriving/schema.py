# SPDX-License-Identifier: Apache-2.0
"""One schema, with all that it is composed of, as a flat view: of alternatives one is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .corrections import NO_VALUES
from .document import Document, Mismatch

# What the last one of several conjuncts says counts.
_PLAIN = ("type", "format", "minimum", "maximum", "minItems", "maxItems", "readOnly", "writeOnly", "minLength", "maxLength")


@dataclass
class View:
    """What a value has to be."""

    facts: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)  # of a map
    items: list[dict[str, Any]] = field(default_factory=list)
    enum: list[Any] | None = None
    pinned: dict[str, str] = field(default_factory=dict)  # discriminators of the chosen alternatives
    alternatives: int = 1  # the most that there were to choose from

    @property
    def type(self) -> str:
        """The JSON type; "any" where none is told."""
        told = self.facts.get("type")
        if told is not None:
            return told
        if self.properties or self.entries:
            return "object"
        if self.items:
            return "array"
        if self.enum:
            return "string" if isinstance(self.enum[0], str) else "integer"
        return "any"


class _Gatherer:
    """Collects a view. A schema counts once, however often it is met, so that a base does not ask again which
    of its alternatives it is."""

    def __init__(self, document: Document, turn: int):
        self._document = document
        self._turn = turn
        self._met: set[str] = set()
        self.view = View()

    def add(self, node: dict[str, Any], via: str = "") -> None:
        """One conjunct; `via` is the reference that led to it."""
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in self._met:
            self._met.add(reference)
            self.add(self._document.target(reference), reference)
        for part in node.get("allOf", ()):
            self.add(part)
        self._choose(node, via)
        self._say(node)

    def _choose(self, node: dict[str, Any], via: str) -> None:
        discriminator = node.get("discriminator", {})
        known = [pair for pair in discriminator.get("mapping", {}).items()
                 if (discriminator["propertyName"], pair[0]) not in NO_VALUES]
        values = known
        alternatives = node.get("oneOf") or node.get("anyOf") or []
        met = [pair for pair in values if pair[1] in self._met and pair[1] != via]
        if met:
            values, alternatives = met[:1], []
        elif not {target for _, target in values} >= {alternative.get("$ref") for alternative in alternatives}:
            values = []
        choices = values or alternatives
        self.view.alternatives = max(self.view.alternatives, len(choices))
        if values:
            value, target = values[self._turn % len(values)]
            self.add({"$ref": target})
            self._pin(discriminator, [value])
        elif alternatives:
            chosen = alternatives[self._turn % len(alternatives)]
            self.add(chosen)
            self._pin(discriminator, [value for value, target in known if target == chosen.get("$ref")])

    def _pin(self, discriminator: dict[str, Any], values: list[str]) -> None:
        """Gives the discriminator the first of the values, without a remark in parentheses behind it."""
        for value in values[:1]:
            self.view.pinned.setdefault(discriminator["propertyName"], value.partition(" (")[0])

    def _say(self, node: dict[str, Any]) -> None:
        view = self.view
        for word in _PLAIN:
            if word in node and not isinstance(node[word], dict):
                view.facts[word] = node[word]
        for name, schema in node.get("properties", {}).items():
            view.properties.setdefault(name, []).append(schema)
        view.required += [name for name in node.get("required", ()) if name not in view.required]
        if isinstance(node.get("items"), dict):
            view.items.append(node["items"])
        entries = node.get("additionalProperties")
        if isinstance(entries, dict) and entries:
            view.entries.append(entries)
        if isinstance(node.get("enum"), list):
            both = [value for value in node["enum"] if view.enum is None or value in view.enum]
            view.enum = [value for value in (both or node["enum"]) if value is not None]


def look(document: Document, nodes: list[dict[str, Any]], turn: int) -> View:
    """The view of the conjunction of `nodes`. `turn` says which of several alternatives counts."""
    gatherer = _Gatherer(document, turn)
    for node in nodes:
        if not isinstance(node, dict):
            raise Mismatch(f"{document.api}: {node!r} is no schema")
        gatherer.add(node)
    return gatherer.view

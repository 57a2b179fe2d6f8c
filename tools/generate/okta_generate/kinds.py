# SPDX-License-Identifier: Apache-2.0
"""Decides the C kinds of a position from its alternatives: one kind a JSON type, at most two together."""

from __future__ import annotations

from dataclasses import dataclass

from .clusters import Objects, only_links
from .description import Schema
from .model import Kind
from .shapes import Alternatives, Json, Keys, Shapes, deeper, enum_values, has_members, json_type

# What the second member of one JSON name has at the end of its C name.
SUFFIX = {
    Kind.STRING: "text", Kind.ENUM: "text", Kind.BOOL: "flag", Kind.INT: "number", Kind.DOUBLE: "number",
    Kind.OBJECT: "object", Kind.MAP_STRINGS: "object", Kind.MAP_OBJECTS: "object",
    Kind.STRINGS: "list", Kind.ENUMS: "list", Kind.OBJECTS: "list", Kind.JSON: "json", Kind.UPLOAD: "file",
}


@dataclass(frozen=True)
class Choice:
    """A kind that a position has in the description. `enums`: the alternatives that are enums."""

    kind: Kind
    enums: Alternatives = ()


def choose(shapes: Shapes, alternatives: Alternatives, around: Keys = ()) -> list[Choice]:
    """The kinds of a position, the first for the member that keeps the plain name. `around`: the lists and maps
    that it is an element of."""
    inside = deeper(around, alternatives)
    groups: dict[str, list] = {}
    for alternative in alternatives:
        found = json_type(alternative)
        name = "number" if found is Json.INTEGER else found.value
        groups.setdefault(name, []).append(alternative)
    if len(groups) > 1:
        groups.pop("any", None)
    if len(groups) > 1 and all(_only_null(alternative) for alternative in groups.get("string", ())):
        groups.pop("string", None)
    if len(groups) > 2 or "any" in groups:
        return [Choice(Kind.JSON)]
    makers = {"string": _string, "number": _number, "boolean": _boolean, "object": _object, "array": _array}
    choices = [makers[name](shapes, tuple(group), inside) for name, group in groups.items()]
    return sorted(choices, key=lambda choice: choice.kind is Kind.JSON)


def _only_null(alternative) -> bool:
    """So a variant says that it has no such member: Okta sends null there, where others have an object."""
    return any(atom.only_null for atom in alternative.atoms)


def _string(_shapes: Shapes, group: Alternatives, _inside: Keys) -> Choice:
    if all(any(isinstance(value, str) for value in enum_values(alternative) or ()) for alternative in group):
        return Choice(Kind.ENUM, group)
    if all(any(atom.format == "binary" for atom in alternative.atoms) for alternative in group):
        return Choice(Kind.UPLOAD)
    return Choice(Kind.STRING)


def _number(_shapes: Shapes, group: Alternatives, _inside: Keys) -> Choice:
    whole = all(json_type(alternative) is Json.INTEGER for alternative in group)
    return Choice(Kind.INT if whole else Kind.DOUBLE)


def _boolean(_shapes: Shapes, _group: Alternatives, _inside: Keys) -> Choice:
    return Choice(Kind.BOOL)


def _object(shapes: Shapes, group: Alternatives, inside: Keys) -> Choice:
    if any(has_members(alternative) for alternative in group):
        return Choice(Kind.OBJECT)
    values = Objects(shapes, group)
    inner = [choice.kind for choice in choose(shapes, shapes.values(values.maps), inside)]
    if len(values.maps) == len(group) and inner in ([Kind.STRING], [Kind.ENUM]):
        return Choice(Kind.MAP_STRINGS)
    if len(values.maps) == len(group) and inner == [Kind.OBJECT]:
        return Choice(Kind.MAP_OBJECTS)
    return Choice(Kind.JSON)


def _array(shapes: Shapes, group: Alternatives, inside: Keys) -> Choice:
    inner = choose(shapes, shapes.items(group), inside)
    kinds = {Kind.STRING: Kind.STRINGS, Kind.ENUM: Kind.ENUMS, Kind.OBJECT: Kind.OBJECTS}
    if len(inner) == 1 and inner[0].kind in kinds:
        return Choice(kinds[inner[0].kind], inner[0].enums)
    return Choice(Kind.JSON)


def holds(recorded: Kind, present: Kind) -> bool:
    """Whether a member of the recorded kind can hold what the description has."""
    if recorded is present or recorded is Kind.JSON:
        return True
    pairs = {(Kind.STRING, Kind.ENUM), (Kind.ENUM, Kind.STRING), (Kind.STRINGS, Kind.ENUMS),
             (Kind.ENUMS, Kind.STRINGS), (Kind.DOUBLE, Kind.INT)}
    objects = {Kind.OBJECT, Kind.MAP_STRINGS, Kind.MAP_OBJECTS}
    return (recorded, present) in pairs or recorded in objects and present in objects


# Kinds that point to a struct, each with its family.
FAMILIES = {Kind.OBJECT: "object", Kind.OBJECTS: "objects", Kind.MAP_OBJECTS: "map_objects"}


def blocked(recorded: set[Kind]) -> set[str]:
    """The families of structs that a position does not need: what is recorded holds such values."""
    found = set()
    for kind, family in FAMILIES.items():
        if kind not in recorded and any(holds(other, kind) for other in recorded):
            found.add(family)
    return found


def needed(choices: list[Choice]) -> set[str]:
    """The families of structs that a position of these kinds needs: what is JSON text needs none."""
    return {FAMILIES[choice.kind] for choice in choices if choice.kind in FAMILIES}


class EnumClusters:
    """Which enums stand in one position, so that one enum of C has the values of all."""

    def __init__(self) -> None:
        self._parent: dict[Schema, Schema] = {}
        self._order: dict[Schema, Alternatives] = {}

    def root(self, schema: Schema) -> Schema:
        """The representative of an enum's cluster."""
        while self._parent.get(schema, schema) is not schema:
            schema = self._parent[schema]
        return schema

    def add(self, enums: Alternatives) -> None:
        """A position with these enums."""
        labels = list(dict.fromkeys(label for alternative in enums for label in alternative.labels))
        for label in labels:
            mine = tuple(alternative for alternative in enums if label in alternative.labels)
            self._order[label] = self._order.get(label, ()) + mine
        for label in labels[1:]:
            first, other = self.root(labels[0]), self.root(label)
            if first is not other:
                self._parent[other] = first

    def labels(self, schema: Schema) -> list[Schema]:
        """The schemas of a cluster, in the order in which they were met."""
        root = self.root(schema)
        return [label for label in self._order if self.root(label) is root]

    def values(self, schema: Schema) -> list[str]:
        """The texts of all enums of a cluster."""
        return list(dict.fromkeys(
            value for label in self.labels(schema) for alternative in self._order[label]
            for value in enum_values(alternative) or () if isinstance(value, str)))


def is_links(shapes: Shapes, name: str, alternatives: Alternatives) -> bool:
    """Whether a position holds links by name."""
    return name == "_links" or only_links(shapes, alternatives)

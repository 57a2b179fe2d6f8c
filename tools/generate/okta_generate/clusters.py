# SPDX-License-Identifier: Apache-2.0
"""Finds which schemas are alternatives of one position, so that one flat struct can hold them all.

A position is what an operation takes or gives, or a member of a struct. All schemas that may stand in one
position are one cluster, and where their members are objects in turn, these are merged the same way. The
result is a proposal for positions that are new; the ledger decides about all others.
"""

from __future__ import annotations

from .description import Schema
from .shapes import (Alternative, Alternatives, Json, Keys, Shapes, deeper, has_members, is_map, json_type,
                     property_names)


def is_link(alternative: Alternative) -> bool:
    """Whether it is one link, by the overlay's mark."""
    return any(atom.marks.get("link") for atom in alternative.atoms)


class Objects:
    """What may stand in a position, by what has a struct: objects, elements of arrays, values of maps."""

    def __init__(self, shapes: Shapes, alternatives: Alternatives):
        self.shapes = shapes
        self.objects = tuple(a for a in alternatives if json_type(a) is Json.OBJECT and has_members(a))
        self.arrays = tuple(a for a in alternatives if json_type(a) is Json.ARRAY)
        self.maps = tuple(a for a in alternatives if json_type(a) is Json.OBJECT and is_map(a))

    def items(self) -> Objects:
        """Of the elements."""
        return Objects(self.shapes, self.shapes.items(self.arrays))

    def values(self) -> Objects:
        """Of the values."""
        return Objects(self.shapes, self.shapes.values(self.maps))


def only_links(shapes: Shapes, alternatives: Alternatives) -> bool:
    """Whether these objects have nothing but links, by name."""
    objects = [a for a in alternatives if json_type(a) is Json.OBJECT and has_members(a)]
    if not objects or any(is_link(a) for a in objects):
        return False
    some = False
    for name in property_names(tuple(objects)):
        children = shapes.property(tuple(objects), name)
        children += shapes.items(tuple(a for a in children if json_type(a) is Json.ARRAY))
        if not all(is_link(child) or json_type(child) is Json.ARRAY for child in children):
            return False
        some = some or any(map(is_link, children))
    return some


class Clusters:
    """Sets of schemas. Add what operations take and give, then close()."""

    def __init__(self, shapes: Shapes):
        self.shapes = shapes
        self._parent: dict[Schema, Schema] = {}
        self._order: dict[Schema, int] = {}
        self._alternatives: dict[Schema, dict[tuple, Alternative]] = {}
        self._dirty: dict[Schema, None] = {}

    def root(self, schema: Schema) -> Schema:
        """The representative of a schema's cluster; the first that was met. Itself when it was never met."""
        while self._parent.get(schema, schema) is not schema:
            schema = self._parent[schema]
        return schema

    def has(self, schema: Schema) -> bool:
        """Whether a schema was met."""
        return schema in self._order

    def labels(self, schema: Schema) -> list[Schema]:
        """The schemas of a cluster, in the order in which they were met."""
        root = self.root(schema)
        return [label for label in self._order if self.root(label) is root]

    def alternatives(self, schema: Schema) -> Alternatives:
        """All alternatives of a cluster."""
        return tuple(self._alternatives.get(self.root(schema), {}).values())

    def add(self, alternatives: Alternatives) -> None:
        """A position with these alternatives."""
        self._add(Objects(self.shapes, alternatives))

    def _add(self, found: Objects, around: Keys = ()) -> None:
        inside = deeper(around, found.arrays + found.maps)
        if found.objects:
            self._merge(found.objects)
        if found.arrays:
            self._add(found.items(), inside)
        if found.maps:
            self._add(found.values(), inside)

    def _merge(self, objects: Alternatives) -> None:
        if only_links(self.shapes, objects):
            return
        labels = list(dict.fromkeys(label for a in objects for label in a.labels))
        for label in labels:
            self._order.setdefault(label, len(self._order))
        roots = sorted({self.root(label) for label in labels}, key=self._order.__getitem__)
        first = roots[0]
        held = self._alternatives.setdefault(first, {})
        before = len(held)
        for other in roots[1:]:
            self._parent[other] = first
            held.update(self._alternatives.pop(other, {}))
            self._dirty.pop(other, None)
        for alternative in objects:
            held.setdefault(alternative.key, alternative)
        if len(held) != before or len(roots) > 1:
            self._dirty[first] = None

    def close(self) -> None:
        """Follows all members, until nothing is merged any more."""
        while self._dirty:
            root = next(iter(self._dirty))
            del self._dirty[root]
            alternatives = self.alternatives(root)
            for name in property_names(alternatives):
                if name != "_links":
                    self.add(self.shapes.property(alternatives, name))

# SPDX-License-Identifier: Apache-2.0
"""Takes a schema apart: alternatives (OR), each a conjunction (AND) of atoms, which are schemas without parts.

allOf, `$ref` and what stands beside them are conjunctions; oneOf, anyOf and the mapping of a discriminator
are alternatives, also where the schema with the mapping has no oneOf and the others only inherit from it.
A property of several alternatives is again a list of alternatives. Nothing is chosen here.
"""

from __future__ import annotations

import enum
import itertools
from dataclasses import dataclass

from .description import Schema
from .structure import fault


class Json(enum.Enum):
    """A JSON type; ANY where a description names none."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ARRAY = "array"
    ANY = "any"


@dataclass(frozen=True, eq=False)
class Alternative:
    """One conjunction. `labels`: the schemas that it may be called by, the closest first."""

    atoms: tuple[Schema, ...]
    labels: tuple[Schema, ...]

    @property
    def key(self) -> tuple[int, ...]:
        """The same for alternatives that hold the same."""
        return tuple(sorted(id(atom) for atom in self.atoms))


Alternatives = tuple[Alternative, ...]

_DEEPEST = 100  # parts of parts and variants of variants; what goes deeper comes back to itself


def structural(schema: Schema) -> bool:
    """Whether a schema says more by itself than read-only, nullable and their like."""
    return schema.type not in ("", "object", "array") or _has_content(schema)


def _has_content(schema: Schema) -> bool:
    """Whether a schema says more by itself than its type."""
    return bool(schema.enum or schema.has_properties or schema.items or schema.additional is not None or
                schema.marks.get("attributes"))


def _unique(items: tuple) -> tuple:
    return tuple(dict.fromkeys(items))


def is_alias(schema: Schema) -> bool:
    """Whether a schema is another one under its own name or with remarks, its type among them."""
    parts = len(schema.all_of) + (schema.ref is not None)
    return parts >= 1 and not schema.one_of and not schema.mapping and not _has_content(schema) and \
        sum(_says_something(part) for part in _parts(schema)) == 1


def _parts(schema: Schema) -> list[Schema]:
    return ([schema.ref] if schema.ref else []) + schema.all_of


def _says_something(schema: Schema) -> bool:
    return bool(structural(schema) or schema.one_of or schema.mapping or _parts(schema))


class Shapes:
    """Expands schemas, and remembers them."""

    def __init__(self) -> None:
        self._seen: dict[int, Alternatives] = {}
        self._properties: dict[tuple, Alternatives] = {}
        self._depth = 0

    def expand(self, schema: Schema) -> Alternatives:
        """The alternatives of a schema."""
        found = self._seen.get(id(schema))
        if found is None:
            self._depth = 0
            found = self._seen[id(schema)] = self._expand(schema, False, (schema,))
        return found

    def _expand(self, schema: Schema, inherited: bool, path: tuple[Schema, ...]) -> Alternatives:
        """`inherited`: some schema with members of its own is this one and more."""
        if self._depth == _DEEPEST:
            raise fault(schema.api, schema.where, "is a variant of itself")
        self._depth += 1
        found = self._expand_parts(schema, inherited, path)
        self._depth -= 1
        return found

    def _expand_parts(self, schema: Schema, inherited: bool, path: tuple[Schema, ...]) -> Alternatives:
        alias = is_alias(schema)
        below = inherited or bool(schema.name) and not alias
        conjuncts = []
        for part in _parts(schema):
            if part in path:
                raise fault(part.api, part.where, "is part of itself")
            conjuncts.append(self._expand(part, below, (*path, part)))
        plain = conjoin([*conjuncts, (Alternative((schema,), ()),)])
        if alias:
            labels = (schema,) if schema.name else ()
            return tuple(Alternative(alt.atoms, _unique((*alt.labels, *labels))) for alt in plain)
        plain = tuple(Alternative(alt.atoms, (schema,)) for alt in plain)
        # A variant that inherits from what has it as a variant means the members only.
        closed = any(part in path or part.ref in path for part in schema.one_of)
        variants = [] if closed else \
            [variant for part in schema.one_of for variant in self._expand(part, False, (part,))]
        if schema.mapping and not inherited:
            known = {label for variant in variants for label in variant.labels}
            variants += [variant for target in _unique(tuple(schema.mapping.values()))
                         if target not in known and target not in path
                         for variant in self._expand(target, is_alias(target), (target,))]
        if not variants:
            return plain
        found = [Alternative(_unique((*base.atoms, *variant.atoms)), _unique((*variant.labels, schema)))
                 for base in plain for variant in variants]
        if schema.one_of and not closed:
            return tuple(found)
        return (*plain, *found)

    def property(self, alternatives: Alternatives, name: str) -> Alternatives:
        """The alternatives of a property of these alternatives."""
        return self._children([[atom.properties[name] for atom in alternative.atoms if name in atom.properties]
                               for alternative in alternatives])

    def _children(self, conjunctions: list[list[Schema]]) -> Alternatives:
        """The alternatives of any of these, each once."""
        found: dict[tuple, Alternative] = {}
        for parts in filter(None, conjunctions):
            for child in self._conjunction(parts):
                found.setdefault((child.key, tuple(map(id, child.labels))), child)
        return tuple(found.values())

    def _conjunction(self, parts: list[Schema]) -> Alternatives:
        if len(parts) == 1:
            return self.expand(parts[0])
        key = tuple(map(id, parts))
        if key not in self._properties:
            self._properties[key] = conjoin([self.expand(part) for part in parts])
        return self._properties[key]

    def items(self, alternatives: Alternatives) -> Alternatives:
        """The alternatives of an element of these arrays."""
        return self._children([[atom.items for atom in alternative.atoms if atom.items] for alternative in alternatives])

    def values(self, alternatives: Alternatives) -> Alternatives:
        """The alternatives of a value of these maps; none where any value is allowed."""
        return self._children([[atom.additional for atom in alternative.atoms if isinstance(atom.additional, Schema)]
                               for alternative in alternatives])


def _core(alternative: Alternative) -> set[int]:
    return {id(atom) for atom in alternative.atoms if structural(atom)}


def conjoin(parts: list[Alternatives]) -> Alternatives:
    """Each alternative of the one AND each of the other. What adds nothing gives no label."""
    found = []
    for choice in itertools.product(*parts):
        atoms = _unique(tuple(atom for alternative in choice for atom in alternative.atoms))
        cores = [_core(alternative) for alternative in choice]
        labels: list[Schema] = []
        for at, alternative in enumerate(choice):
            others = [core for place, core in enumerate(cores) if place != at]
            weaker = any(cores[at] < core for core in others) or not cores[at] and any(others)
            if not weaker:
                labels += alternative.labels
        found.append(Alternative(atoms, _unique(tuple(labels))))
    return tuple(found)


Keys = tuple[frozenset, ...]  # of the alternatives of positions, each inside the one before


def deeper(around: Keys, alternatives: Alternatives) -> Keys:
    """The positions around an element, which has these alternatives; stops where it is one of them itself."""
    mine = frozenset(alternative.key for alternative in alternatives)
    if mine and mine in around:
        where = alternatives[0].atoms[0]
        raise fault(where.api, where.where, "is a list or a map of itself")
    return (*around, mine)


def json_type(alternative: Alternative) -> Json:
    """The JSON type of an alternative. An override that names no type keeps that of the base."""
    types = {atom.type for atom in alternative.atoms if atom.type}
    if types == {"integer", "number"}:
        return Json.INTEGER
    if len(types) > 1:
        where = alternative.atoms[-1]
        raise fault(where.api, where.where, f"is at once of the types {', '.join(sorted(types))}")
    if types:
        return Json(types.pop())
    if any(atom.has_properties and atom.properties or atom.additional is not None for atom in alternative.atoms):
        return Json.OBJECT
    if any(atom.items for atom in alternative.atoms):
        return Json.ARRAY
    if any(isinstance(value, str) for atom in alternative.atoms for value in atom.enum or ()):
        return Json.STRING
    return Json.ANY


def property_names(alternatives: Alternatives) -> list[str]:
    """The names of all properties, each once, in the order of the description."""
    return list(dict.fromkeys(name for alternative in alternatives for atom in alternative.atoms
                              for name in atom.properties))


def has_members(alternative: Alternative) -> bool:
    """Whether an object is one with members of its own, or one of custom attributes."""
    return any(atom.properties or atom.marks.get("attributes") for atom in alternative.atoms)


def is_map(alternative: Alternative) -> bool:
    """Whether an object is a map of values that the description types."""
    return not has_members(alternative) and any(isinstance(atom.additional, Schema) for atom in alternative.atoms)


def is_open(alternative: Alternative) -> bool:
    """Whether an object with members may have others beside them."""
    return any(atom.additional not in (None, False) or atom.extensible for atom in alternative.atoms)


def read_only(alternatives: Alternatives) -> bool:
    """Whether all alternatives agree that the value is never sent."""
    return bool(alternatives) and all(_last(alternative, "read_only") for alternative in alternatives)


def write_only(alternatives: Alternatives) -> bool:
    """Whether some alternative says that the value is never answered."""
    return any(_last(alternative, "write_only") for alternative in alternatives)


def _last(alternative: Alternative, flag: str) -> bool:
    said = [getattr(atom, flag) for atom in alternative.atoms if getattr(atom, flag) is not None]
    return bool(said) and said[-1]


def enum_values(alternative: Alternative) -> list | None:
    """The values of an enum; those of the closest where several say them; None for what is no enum."""
    said = [atom.enum for atom in alternative.atoms if atom.enum]
    return said[-1] if said else None

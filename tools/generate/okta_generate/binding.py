# SPDX-License-Identifier: Apache-2.0
"""Binds positions to structs of C: what an operation takes or gives, and every member below it.

A position that the ledger has keeps its struct, and what sits there in the description is bound to that
struct, whatever it is called. A position that is new takes the struct that the ledger hints at for its
schema, else the one that its cluster got in this run, else a struct of its own. The members of a struct are
those of all alternatives that were ever bound to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import identity, kinds, names
from .clusters import Clusters, Objects, only_links
from .description import DescriptionError, Schema
from .ledger import Ledger
from .model import Kind
from .shapes import Alternative, Alternatives, Shapes, is_alias, property_names

LINKS = "okta_links"

# What an invented name gets at its end, by family of kinds that point to a struct.
_SUFFIXES = {"object": "", "objects": "_item", "map_objects": "_value"}


@dataclass
class Position:
    """A place that holds a value: `name` is the member's JSON name, `recorded` what the ledger has for it."""

    owner: str  # C name of the struct, or the beginning of a name that an operation gives
    name: str = ""
    recorded: dict[str, str] = field(default_factory=dict)  # family -> struct
    blocked: set[str] = field(default_factory=set)  # families that get no struct here

    def invent(self, suffix: str) -> str:
        """A name for something inline."""
        member = names.snake(self.name.rstrip("/").rsplit("/", 1)[-1])
        return self.owner + (f"_{member}" if self.name else "") + suffix


class Binding:
    """Which struct holds what."""

    def __init__(self, ledger: Ledger, shapes: Shapes, clusters: Clusters, reserved: set[str], survey: Binding | None = None):
        """`survey`: a binding of the same operations, which tells what comes to a struct later on."""
        self.ledger = ledger
        self.survey = survey
        self.shapes = shapes
        self.clusters = clusters
        self.problems: list[str] = []  # clashes of names; a person gives better ones in the overlay
        self.reserved = reserved  # names of components, which no inline schema may take
        self.bound: dict[str, dict[tuple, Alternative]] = {}
        self.targets: dict[tuple[str, str, str], str] = {}  # owner, JSON name, family -> struct
        self._by_cluster: dict[Schema, str] = {}
        self._dirty: dict[str, None] = {}
        self._header = ""

    def alternatives(self, struct: str) -> Alternatives:
        """All that is bound to a struct."""
        return tuple(self.bound.get(struct, {}).values())

    def enter(self, header: str) -> None:
        """Structs that are met from here on stand in this header."""
        self._header = header

    def bind(self, position: Position, alternatives: Alternatives, needed: set[str]) -> dict[str, str]:
        """Binds what sits in a position. Returns the struct of each family that is there: of those that are recorded, and
        of those that the position needs."""
        found = Objects(self.shapes, alternatives)
        wanted = {*position.recorded, *needed}
        structs = {}
        for family, objects in (("object", found.objects), ("objects", found.items().objects),
                                ("map_objects", found.values().objects)):
            if objects and family in wanted and family not in position.blocked:
                structs[family] = self._bind(position, family, objects)
        return structs

    def drain(self) -> None:
        """Binds all members below what was bound."""
        while self._dirty:
            struct = next(iter(self._dirty))
            del self._dirty[struct]
            alternatives = self.alternatives(struct)
            known = self._known(struct, alternatives)
            for name in property_names(alternatives):
                if name == "_links":
                    continue
                recorded = {values[1]: values[2] for key, values in self.ledger.of("M", struct) if key[1] == name}
                position = Position(struct, name, recorded, kinds.blocked(set(map(Kind, recorded))))
                needed = kinds.needed(kinds.choose(self.shapes, self.shapes.property(known, name)))
                structs = self.bind(position, self.shapes.property(alternatives, name), needed)
                for family, target in structs.items():
                    self.targets[struct, name, family] = target

    def _known(self, struct: str, alternatives: Alternatives) -> Alternatives:
        """All that is bound to a struct, and all that will be: whether a member needs a struct must not depend on the order
        of the operations."""
        roots = dict.fromkeys(self.clusters.root(label) for alternative in alternatives for label in alternative.labels)
        found = [*alternatives, *(other for root in roots for other in self.clusters.alternatives(root))]
        found += self.survey.alternatives(struct) if self.survey else ()
        return tuple({alternative.key: alternative for alternative in found}.values())

    def _bind(self, position: Position, family: str, objects: Alternatives) -> str:
        target = position.recorded.get(family) or self.targets.get((position.owner, position.name, family))
        target = target or self._propose(position, family, objects)
        if target == LINKS:
            return target
        held = self.bound.setdefault(target, {})
        fresh = [alternative for alternative in objects if alternative.key not in held]
        if fresh or not self.ledger.is_touched("S", target):
            held.update((alternative.key, alternative) for alternative in fresh)
            self._dirty[target] = None
            self.ledger.touch("S", target)
        self._hint(objects, target)
        return target

    def _propose(self, position: Position, family: str, objects: Alternatives) -> str:
        if only_links(self.shapes, objects):
            return LINKS
        labels = list(dict.fromkeys(label for alternative in objects for label in alternative.labels))
        cluster = self.clusters.labels(labels[0])
        schema = representative(self.shapes, cluster, bool(position.name))
        for label in [*labels, *([schema] if schema else [])]:
            hint = self.ledger.get("N", "s", label.api, identity.origin(label)) if label.name else None
            if hint:
                return hint[0]
        root = self.clusters.root(labels[0])
        if root not in self._by_cluster:
            self._by_cluster[root] = self._new_struct(position, family, cluster, schema)
        return self._by_cluster[root]

    def _hint(self, objects: Alternatives, target: str) -> None:
        for label in (label for alternative in objects for label in alternative.labels):
            if label.name and self.ledger.get("N", "s", label.api, identity.origin(label)) is None:
                self.ledger.put("N", ("s", label.api, identity.origin(label)), (target,))

    def is_taken(self, name: str) -> bool:
        """Whether a type has a name, so that an invented one must be another."""
        return self.ledger.get("S", name) is not None or self.ledger.get("E", name) is not None

    def _new_struct(self, position: Position, family: str, labels: list[Schema], schema: Schema | None) -> str:
        if schema is None:
            name = position.invent(_SUFFIXES[family])
            if name in self.reserved - {identity.schema_name(label) for label in labels if label.name}:
                name += "_inline"
            if self.is_taken(name):
                name += "_object"
            text = name[len("okta_"):]
        else:
            name = identity.schema_name(schema)
            text = str(schema.marks.get("schema", schema.name)) or name[len("okta_"):]
        if schema is not None and "name" in schema.marks and self.ledger.is_touched("S", name):
            return name  # the overlay gives clusters one name, and with it one struct
        if self.ledger.get("S", name) is not None:
            self.problems.append(f"{labels[0].api}: {labels[0].where}: wants the name {name}, which another struct "
                                 f"has ({self.ledger.where('S', name)})")
            return name
        header = next((str(label.marks["header"]) for label in labels if "header" in label.marks), self._header)
        if self.ledger.get("H", header) is None:
            self.ledger.put("H", (header,), (labels[0].api, ""))
        self.ledger.put("S", (name,), (header, text))
        self._dirty[name] = None
        return name


def representative(shapes: Shapes, labels: list[Schema], member: bool) -> Schema | None:
    """The schema that gives a cluster its name; None where the owner and the member do.

    That is one that the overlay names, or the one component; of several that whose name is in the names of all
    others, or which has most of the others as its variants. Where none has any: for a
    member none, as its siblings are all alike; else the shortest.
    """
    marked = [label for label in labels if "name" in label.marks]
    if marked:
        if len({str(label.marks["name"]) for label in marked}) > 1:
            raise DescriptionError(f"{marked[0].api}: {marked[0].where}: the overlay has several names for it")
        return marked[0]
    components = [label for label in labels if label.name and not is_alias(label)] or \
        [label for label in labels if label.name]
    if len(components) < 2:
        return components[0] if components else None
    common = [label for label in components
              if all(other.name.startswith(label.name) or other.name.endswith(label.name) for other in components)]
    if common:
        return common[0]
    covered = {label: len({other for alternative in shapes.expand(label) for other in alternative.labels
                           if other is not label and other in components}) for label in components}
    best = max(covered.values())
    if best == 0 and member:
        return None
    return min((label for label in components if covered[label] == best), key=lambda label: len(label.name))

# SPDX-License-Identifier: Apache-2.0
"""Builds the library from the ledger, with what the descriptions say of each item beside it.

The ledger decides what there is, what it is called and in which order it stands; the descriptions tell the
rest. What no description has any more stands in the ledger all the same, and is marked deprecated.
"""

from __future__ import annotations

from . import changes, facts, identity, rows, states
from .binding import LINKS, Binding
from .description import Description, Schema
from .ledger import Ledger
from .members import Members, Slot
from .model import (Enum, EnumValue, ForeignType, Function, Header, Kind, Library, Member, Parameter, Params, Place,
                    Struct, Typedef)
from .operations import Operations, Planned
from .shapes import is_open


class Builder:
    """Makes the library."""

    def __init__(self, ledger: Ledger, descriptions: list[Description], binding: Binding, members: Members,
                 operations: Operations):
        self.ledger = ledger
        self.binding = binding
        self.operations = operations
        self.slots = {(slot.kind_of_line, *slot.owner, slot.json): slot for slot in members.slots}
        self.library = Library(ledger.version, {found.api: found.version for found in descriptions})
        self.described: set[str] = set()  # the functions of operations that are described
        self.schemas: dict[str, list[str]] = {}
        for key, values in ledger.all("N"):
            self.schemas.setdefault(values[0], []).append(key[2])

    def build(self) -> Library:
        """All of it."""
        library = self.library
        library.foreign[LINKS] = ForeignType(LINKS, "okta/links.h", "oktai_links_model")
        for (name,), values in self.ledger.all("H"):
            library.headers[name] = Header(name, values[0], values[1])
        for (name,), values in self.ledger.all("E"):
            library.enums[name] = self._enum(name, values[0])
            library.headers[values[0]].enums.append(name)
        for (name,), values in self.ledger.all("S"):
            library.structs[name] = self._struct(name, values)
            library.headers[values[0]].structs.append(name)
        for (name,), values in self.ledger.all("T"):
            library.typedefs[name] = Typedef(name, *values, since=self.ledger.since("T", name))
            library.headers[values[1]].typedefs.append(name)
        self._functions()
        self._companions()
        rows.connect(library, self.ledger)
        self._states()
        library.changes = changes.tell(self.ledger)
        return library

    def _enum(self, name: str, header: str) -> Enum:
        found = Enum(name, header, f"{name.upper()}_ABSENT", f"{name.upper()}_OTHER", [], self.schemas.get(name, []),
                     self.ledger.since("E", name), self.ledger.gone_since("E", name))
        for key, values in self.ledger.of("V", name):
            found.values.append(EnumValue(values[0], key[1], self.ledger.since("V", *key),
                                          found.deprecated or self.ledger.gone_since("V", *key)))
        return found

    # -- structs --

    def _struct(self, name: str, values: tuple[str, ...]) -> Struct:
        alternatives = self.binding.alternatives(name)
        atoms = [atom for alternative in alternatives for atom in alternative.atoms]
        lines = self.ledger.of("M", name)
        found = Struct(name, values[0], values[1], [], self.schemas.get(name, []))
        found.since, found.deprecated = self.ledger.since("S", name), self.ledger.gone_since("S", name)
        found.open = any(is_open(alternative) for alternative in alternatives)
        found.attributes = not lines and any(atom.marks.get("attributes") for atom in atoms)
        found.secret_extras = sorted({str(extra) for atom in atoms for extra in atom.marks.get("secret_extras", ())})
        found.list_wrappers = list(dict.fromkeys(str(wrapper) for atom in atoms
                                                 for wrapper in atom.marks.get("list_wrappers", ())))
        if found.deprecated:
            states.restore_struct(found, self.ledger.state("S", name)[0])
        siblings = [key[1] for key, _ in lines]
        found.members = [self._member(name, key, of, siblings, found.deprecated) for key, of in lines]
        generations = [self.ledger.generation("M", *key) for key, _ in lines]
        self._mark_later(found.members, generations)
        for member, generation in zip(found.members, generations):
            member.added = generation > self.ledger.generation("S", name)
        return found

    @staticmethod
    def _mark_later(members: list[Member] | list[Parameter], generations: list[int]) -> None:
        """Marks the first of each lot of members that came to a struct which programs have."""
        for at, member in enumerate(members):
            member.later = at > 0 and generations[at] > generations[at - 1]

    def _member(self, struct: str, key: tuple[str, ...], values: tuple[str, ...], siblings: list[str],
                deprecated: str) -> Member:
        json, kind = key[1], Kind(values[1])
        found = Member(values[0], json, kind, values[2])
        found.since = self.ledger.since("M", *key)
        found.deprecated = deprecated or self.ledger.gone_since("M", *key)
        states.restore_member(found, self.ledger.state("M", *key)[0])
        found.constants = self._constants(struct, json, kind)
        slot = self.slots.get(("M", struct, json))
        if slot:
            found.facts = facts.facts(kind, slot.alternatives)
            alternatives = self.binding.alternatives(struct)
            enforced, found.required = found.required and not found.late, facts.is_required(alternatives, json)
            found.late = kind is Kind.UPLOAD and found.required and not enforced
            found.variants, found.required_there = facts.variants(alternatives, json)
        found.unique = facts.is_unique(json, found.secret, siblings)
        return found

    def _constants(self, owner: str, name: str, kind: Kind) -> list[EnumValue]:
        """The texts of a member or parameter that was recorded before they became an enum."""
        return [EnumValue(values[0], key[2], self.ledger.since("C", *key)) for key, values in self.ledger.of("C", owner)
                if key[1] == name and kind in (Kind.STRING, Kind.STRINGS)]

    # -- functions --

    def _functions(self) -> None:
        planned = {(found.key, found.name): found for found in self.operations.planned}
        for (key, variant), values in self.ledger.all("F"):
            base = self.ledger.get("F", key, "")
            found = planned.get((key, base[0] if base else values[0]))
            function = self._function(key, variant, values, base[0] if base else values[0], found)
            self.library.functions[values[0]] = function
            self.library.headers[values[1]].functions.append(values[0])

    def _function(self, key: str, variant: str, values: tuple[str, ...], base: str,
                  planned: Planned | None) -> Function:
        name = values[0]
        function = rows.function(self.ledger, key, variant, name, values[1], planned)
        function.variant = variant
        function.since = self.ledger.since("F", key, variant)
        function.deprecated = self.ledger.gone_since("F", key, variant)
        function.successor = self.ledger.successor(key, variant)
        if planned:
            self.described.add(name)
        for place in self.ledger.of("P", base):
            parameter = self._parameter(place[0], place[1])
            if parameter.place is Place.PATH:
                function.path_parameters.append(parameter)
            elif values[3]:
                function.params = function.params or Params(f"{base}_params")
                function.params.parameters.append(parameter)
        if function.params:
            lines = [place for place, _ in self.ledger.of("P", base) if place[1] != Place.PATH.value]
            self._mark_later(function.params.parameters, [self.ledger.generation("P", *place) for place in lines])
        rows.fill_path(function)
        return function

    def _parameter(self, key: tuple[str, ...], values: tuple[str, ...]) -> Parameter:
        kind = Kind(values[1])
        found = Parameter(values[0], key[2], Place(key[1]), kind, values[2])
        found.since, found.deprecated = self.ledger.since("P", *key), self.ledger.gone_since("P", *key)
        found.constants = self._constants(key[0], key[2], kind)
        states.restore_parameter(found, self.ledger.state("P", *key)[0])
        slot: Slot | None = self.slots.get(("P", key[0], key[1], key[2]))
        if slot:
            found.facts = facts.facts(kind, slot.alternatives)
            raw = slot.raw
            if raw is not None:
                enforced, found.wire, found.required = found.required and not found.late, raw.name, raw.required
                found.late = found.place is not Place.PATH and found.required and not enforced
        return found

    def _states(self) -> None:
        """Records what a program can feel of structs and functions."""
        for (name,), _ in self.ledger.all("S"):
            if not self.library.structs[name].deprecated:
                self.ledger.set_state("S", (name,), states.of_struct(self.library.structs[name]))
        for key, values in self.ledger.all("F"):
            function = self.library.functions[values[0]]
            if function.c_name in self.described:
                self.ledger.set_state("F", key, states.of_function(function))
        self.library.former_names = states.former_names(self.ledger)

    # -- what stands beside structs --

    def _companions(self) -> None:
        """Names of lists and of entries of maps, where something uses them."""
        structs = self.library.structs
        for kind in ("B", "R"):
            for _, (shape, target) in self.ledger.all(kind):
                if shape == "list" and target in structs:
                    structs[target].list_name = f"{target}_list"
        for _, values in self.ledger.all("M"):
            if values[1] == Kind.MAP_OBJECTS.value:
                structs[values[2]].entry_name = f"{values[2]}_entry"


def typedefs(ledger: Ledger, descriptions: list[Description]) -> None:
    """Records the further names of structs that the overlay wants."""
    for found in descriptions:
        for schema in found.schemas.values():
            for name in schema.marks.get("typedefs", ()):
                target = _target(ledger, schema)
                header = str(schema.marks.get("header", "")) or (ledger.get("S", target) or ("",))[0]
                if target and header and ledger.get("T", str(name)) is None:
                    if ledger.get("H", header) is None:
                        ledger.put("H", (header,), (schema.api, ""))
                    ledger.put("T", (str(name),), (target, header, schema.name))


def _target(ledger: Ledger, schema: Schema) -> str:
    """The struct of a schema: where it stands, or where the overlay says that it belongs."""
    hint = ledger.get("N", "s", schema.api, identity.origin(schema))
    named = str(schema.marks.get("name", ""))
    if hint or ledger.get("S", named) is None:
        return hint[0] if hint else LINKS if "header" in schema.marks else ""
    return named

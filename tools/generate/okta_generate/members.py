# SPDX-License-Identifier: Apache-2.0
"""Decides what members a struct has and records them; enums come with the members that hold them.

A member that the ledger has keeps its name, kind and target. What the description has beyond that is a
further member: of a JSON name that is new, or of one whose recorded members cannot hold what is described.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import facts, identity, kinds, names, states
from .binding import LINKS, Binding, Position
from .description import DescriptionError, RawParameter, Schema
from .kinds import FAMILIES, SUFFIX, Choice, EnumClusters
from .ledger import Ledger
from .model import Kind
from .shapes import Alternatives, Json, is_alias, json_type, property_names, read_only

_NO_PARAMETER = {*FAMILIES, Kind.MAP_STRINGS, Kind.UPLOAD}
_ENUM_SUFFIX = {Kind.ENUM: "", Kind.ENUMS: "_item"}


@dataclass
class Slot:
    """A member or parameter that was decided: where it stands, and what the description has for it."""

    kind_of_line: str  # M or P
    owner: tuple[str, ...]  # struct, or function and place
    json: str
    header: str
    alternatives: Alternatives
    choices: list[Choice]
    name: str  # the plain name of C
    position: Position
    targets: dict[str, str] = field(default_factory=dict)
    raw: RawParameter | None = None


def _in_order(names_: list[str], alternatives: Alternatives) -> list[str]:
    """Names of members or texts of an enum: those that the overlay puts in order first."""
    order = [str(name) for alternative in alternatives for atom in alternative.atoms
             for name in atom.marks.get("order", ())]
    return sorted(names_, key=lambda name: order.index(name) if name in order else len(order))


class Members:
    """Collects all slots first, since enums are merged over all of them, and records then."""

    def __init__(self, ledger: Ledger, binding: Binding, reserved: set[str]):
        self.ledger = ledger
        self.binding = binding
        self.shapes = binding.shapes
        self.reserved = reserved
        self.enums = EnumClusters()
        self.slots: list[Slot] = []
        self._enum_of: dict[Schema, str] = {}
        self._present: set[tuple] = set()

    def collect_structs(self) -> None:
        """The members of all structs that something is bound to."""
        for struct in self.binding.bound:
            alternatives = self.binding.alternatives(struct)
            header = (self.ledger.get("S", struct) or ("",))[0]
            for name in _in_order(property_names(alternatives), alternatives):
                children = self.shapes.property(alternatives, name)
                targets = {family: self.binding.targets[struct, name, family] for family in FAMILIES.values()
                           if (struct, name, family) in self.binding.targets}
                marked = [str(atom.marks["member"]) for child in children for atom in child.atoms
                          if "member" in atom.marks]
                plain = marked[0] if marked else names.member(name)
                self._collect(Slot("M", (struct,), name, header, children, [], plain, Position(struct, name), targets))

    def collect(self, slot: Slot) -> None:
        """A parameter."""
        self._collect(slot)

    def _collect(self, slot: Slot) -> None:
        if slot.kind_of_line == "M" and kinds.is_links(self.shapes, slot.json, slot.alternatives):
            slot.choices, slot.targets = [Choice(Kind.OBJECT)], {"object": LINKS}
        else:
            slot.choices = kinds.choose(self.shapes, slot.alternatives)
        if slot.owner[-1] == "path" and any(json_type(found) in (Json.ARRAY, Json.OBJECT) for found in slot.alternatives):
            raise DescriptionError(f"{self._place(slot)}{slot.owner[0]}: the parameter {slot.position.name!r} is a list or an "
                                   "object, and stands in a path")
        if slot.owner[-1] == "path" and [choice.kind for choice in slot.choices] != [Kind.ENUM]:
            slot.choices = [Choice(Kind.STRING)]  # whatever it is, it stands in a path
        if slot.kind_of_line == "P" and any(choice.kind in _NO_PARAMETER for choice in slot.choices):
            raise DescriptionError(f"{self._place(slot)}{slot.owner[0]}: the parameter {slot.position.name!r} holds objects or a file")
        slot.choices = [choice if self._has_struct(slot, choice) else Choice(Kind.JSON) for choice in slot.choices]
        for choice in slot.choices:
            if choice.enums:
                self.enums.add(choice.enums)
        self.slots.append(slot)

    def _has_struct(self, slot: Slot, choice: Choice) -> bool:
        """Whether a struct is there for a kind that needs one. None is where an alternative that is bound elsewhere makes
        the position one of JSON."""
        return choice.kind not in FAMILIES or FAMILIES[choice.kind] in slot.targets or any(
            kinds.holds(Kind(values[1]), choice.kind) for _, values in self._recorded(slot))

    def record(self) -> None:
        """Records all slots."""
        self._present = {(slot.kind_of_line, slot.owner, slot.json) for slot in self.slots}
        for slot in self.slots:
            for choice in slot.choices:
                self._record(slot, choice)
            for key, values in self._recorded(slot):
                need = ""
                if self._is_required(slot, Kind(values[1])):
                    need = states.REQUIRED if self._may_be_required(slot, key) else states.LATE
                self.ledger.set_state(slot.kind_of_line, key, self._state(slot, need))

    @staticmethod
    def _state(slot: Slot, need: str) -> str:
        if slot.kind_of_line == "M":
            return states.of_member(read_only(slot.alternatives), facts.is_secret(slot.alternatives), need)
        return states.of_parameter(slot.raw is not None and slot.raw.explode is False, need,
                                   slot.owner[-1] != "path" and facts.is_secret(slot.alternatives))

    def _is_required(self, slot: Slot, kind: Kind) -> bool:
        """Whether the description requires what libokta would refuse to leave out: parameters, and files of a body."""
        if slot.kind_of_line == "P":
            return slot.raw is not None and slot.raw.required and slot.owner[-1] != "path"
        return kind is Kind.UPLOAD and facts.is_required(self.binding.alternatives(slot.owner[0]), slot.json)

    def _may_be_required(self, slot: Slot, key: tuple[str, ...]) -> bool:
        """Programs that are compiled leave out what was not required, or was not there, when they got the struct."""
        if states.REQUIRED in self.ledger.state(slot.kind_of_line, *key)[0].split():
            return True
        if slot.kind_of_line == "M":
            return not self.ledger.is_old("S", slot.owner[0])
        return not any(self.ledger.is_old("P", *other) for other, _ in self.ledger.of("P", slot.owner[0])
                       if other[1] != "path")

    def relax(self, functions: set[str]) -> None:
        """What these functions and the structs in use have no more may be missing."""
        for kind in ("P", "M"):
            for key, _ in self.ledger.all(kind):
                lives = key[0] in functions if kind == "P" else self.ledger.is_touched("S", key[0])
                state = self.ledger.state(kind, *key)[0]
                if lives and not self.ledger.is_touched(kind, *key):
                    self.ledger.set_state(kind, key, states.relaxed(state))

    def _recorded(self, slot: Slot) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        length = len(slot.owner)
        return [(key, values) for key, values in self.ledger.of(slot.kind_of_line, slot.owner[0])
                if key[:length] == slot.owner and key[length] == slot.json]

    def _record(self, slot: Slot, choice: Choice) -> None:
        recorded = self._recorded(slot)
        for key, values in recorded:
            kind = Kind(values[1])
            if kinds.holds(kind, choice.kind):
                self.ledger.touch(slot.kind_of_line, *key)
                if kind in (Kind.ENUM, Kind.ENUMS) and choice.enums:
                    self._extend_enum(values[2], choice)
                elif kind in (Kind.STRING, Kind.STRINGS) and choice.enums:
                    self._name_texts(slot, values[0], choice)
                return
        name = slot.name + (f"_{SUFFIX[choice.kind]}" if recorded else "")
        name = self._free(slot, name)
        target = self._target(slot, choice)
        self.ledger.put(slot.kind_of_line, (*slot.owner, slot.json, str(len(recorded) + 1)),
                        (name, choice.kind.value, target))

    def _target(self, slot: Slot, choice: Choice) -> str:
        if choice.kind in FAMILIES:
            return slot.targets[FAMILIES[choice.kind]]
        if choice.kind in _ENUM_SUFFIX:
            return self._enum(slot, choice)
        return ""

    @staticmethod
    def _place(slot: Slot) -> str:
        """Where a slot is described, for messages."""
        atoms = [atom for alternative in slot.alternatives for atom in alternative.atoms]
        return f"{atoms[0].api}: {atoms[0].where}: " if atoms else ""

    def _free(self, slot: Slot, name: str) -> str:
        """The name, or with a number behind it where a member has it that no description has any more."""
        length = len(slot.owner)
        # Query and header parameters are members of one struct, the placeholders of a path are arguments.
        mine = [(key, values) for key, values in self.ledger.of(slot.kind_of_line, slot.owner[0])
                if slot.kind_of_line == "M" or (key[1] == "path") is (slot.owner[1] == "path")]
        holders = [key for key, values in mine if values[0] == name]
        if any((slot.kind_of_line, key[:length], key[length]) in self._present for key in holders):
            self.binding.problems.append(f"{self._place(slot)}{slot.owner[0]}: {slot.json!r} wants the name {name}, "
                                         "which another member has")
        number, found = 2, name
        while any(values[0] == found for _, values in mine):
            found, number = f"{name}_{number}", number + 1
        return found

    def _name_texts(self, slot: Slot, member: str, choice: Choice) -> None:
        """A member that was recorded as text stays one; the values of the enum get constants of text."""
        owner = slot.owner[0]
        for alternative in choice.enums:
            for label in alternative.labels:
                for text in map(names.wire_text, self.enums.values(label)):
                    if self.ledger.get("C", owner, slot.json, text) is None:
                        self.ledger.put("C", (owner, slot.json, text), (names.constant(f"{owner}_{member}", text),))

    # -- enums --

    def _enum(self, slot: Slot, choice: Choice) -> str:
        labels = list(dict.fromkeys(label for alternative in choice.enums for label in alternative.labels))
        target = ""
        root = self.enums.root(labels[0])
        for label in [*labels, *self.enums.labels(root)]:
            hint = self.ledger.get("N", "e", label.api, identity.origin(label)) if label.name else None
            target = target or (hint[0] if hint else "")
        target = target or self._enum_of.get(root, "")
        if not target:
            target = self._enum_of[root] = self._new_enum(slot, choice, root)
        self._extend_enum(target, choice)
        return target

    def _new_enum(self, slot: Slot, choice: Choice, root: Schema) -> str:
        labels = self.enums.labels(root)
        components = [label for label in labels if "name" in label.marks] or \
            [label for label in labels if label.name and not is_alias(label)] or \
            [label for label in labels if label.name]
        if components:
            name = identity.schema_name(min(components, key=lambda label: len(label.name)))
        else:
            name = slot.position.invent(_ENUM_SUFFIX[choice.kind])
            if name in self.reserved:
                name += "_inline"
            if self.binding.is_taken(name):
                name += "_text"
        if any("name" in label.marks for label in components) and self.ledger.is_touched("E", name):
            return name  # the overlay gives enums one name, and with it one type
        if self.ledger.get("E", name) is not None or self.ledger.get("S", name) is not None:
            holder = "E" if self.ledger.get("E", name) is not None else "S"
            self.binding.problems.append(f"{labels[0].api}: {labels[0].where}: wants the name {name}, which another "
                                         f"type has ({self.ledger.where(holder, name)})")
            return name
        self.ledger.put("E", (name,), (slot.header,))
        return name

    def _extend_enum(self, target: str, choice: Choice) -> None:
        self.ledger.touch("E", target)
        labels = list(dict.fromkeys(label for alternative in choice.enums for label in alternative.labels))
        words = {str(text): str(word) for alternative in choice.enums for atom in alternative.atoms
                 for text, word in dict(atom.marks.get("constants", {})).items()}
        for label in labels:
            if label.name and self.ledger.get("N", "e", label.api, identity.origin(label)) is None:
                self.ledger.put("N", ("e", label.api, identity.origin(label)), (target,))
        values = list(dict.fromkeys(value for label in labels for value in self.enums.values(label)))
        for value in _in_order(values, choice.enums):
            text = names.wire_text(value)
            if self.ledger.get("V", target, text) is not None:
                self.ledger.touch("V", target, text)
                continue
            constant = f"{target.upper()}_{words[text]}" if text in words else names.constant(target, text)
            if any(values[0] == constant for _, values in self.ledger.of("V", target)):
                self.binding.problems.append(f"{labels[0].api}: {labels[0].where}: {text!r} wants {constant}, which "
                                             "another value has")
                continue
            self.ledger.put("V", (target, text), (constant,))

# SPDX-License-Identifier: Apache-2.0
"""What the ledger says about names: which C function, struct, member and constant belongs to what. Names are no wire
form; nothing else is taken from the generator."""

from __future__ import annotations

from dataclasses import dataclass, field

from .document import Mismatch


@dataclass(frozen=True)
class Member:
    """A member of a C struct."""

    name: str
    kind: str
    target: str


@dataclass
class Function:
    """A C function of an operation."""

    name: str
    variant: str
    header: str
    has_params: bool
    body: tuple[str, str] = ("none", "")
    result: tuple[str, str] = ("none", "")
    parameters: dict[tuple[str, str], Member] = field(default_factory=dict)


class Naming:
    """The ledger's names."""

    def __init__(self, path: str):
        self.functions: dict[str, list[Function]] = {}
        self._members: dict[tuple[str, str], list[Member]] = {}
        self._constants: dict[tuple[str, str], str] = {}
        lines: dict[str, list[list[str]]] = {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                kind, *fields = line.rstrip("\n").split("\t")
                lines.setdefault(kind, []).append(fields)
        self._read_functions(lines)
        for struct, name, _, *member, _ in lines["M"]:
            self._members.setdefault((struct, name), []).append(Member(*member))
        for enum, value, constant, _ in lines["V"]:
            self._constants[enum, value] = constant
        self._with_members = {struct for struct, _ in self._members}

    def _read_functions(self, lines: dict[str, list[list[str]]]) -> None:
        by_name: dict[str, Function] = {}
        for key, variant, name, header, _, params, _ in lines["F"]:
            by_name[name] = Function(name, variant, header, params == "params")
            self.functions.setdefault(key, []).append(by_name[name])
        for function, place, name, number, *member, _ in lines["P"]:
            if number == "1":
                by_name[function].parameters[place, name] = Member(*member)
        for function, shape, target, _ in lines["B"]:
            by_name[function].body = (shape, target)
        for function, shape, target, _ in lines["R"]:
            by_name[function].result = (shape, target)

    def constant(self, enum: str, text: str) -> str:
        """The enumerator of a text."""
        if (enum, text) not in self._constants:
            raise Mismatch(f"{enum} has no constant for {text!r}")
        return self._constants[enum, text]

    def has_members(self, struct: str) -> bool:
        """Whether it is more than its extras."""
        return struct in self._with_members

    def member(self, struct: str, name: str, fits: set[str]) -> Member:
        """The member of a JSON name whose kind is one of `fits`."""
        for member in self._members.get((struct, name), ()):
            if member.kind in fits:
                return member
        raise Mismatch(f"{struct} has no member of {' or '.join(sorted(fits))} for {name!r}")

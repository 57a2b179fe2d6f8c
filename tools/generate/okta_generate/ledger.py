# SPDX-License-Identifier: Apache-2.0
"""Reads, asks and appends to the ledger: everything that a compiled program depends on.

A line is an item: its kind, its key, its values, and the version of libokta that has it first, separated by
tabs. Lines are never changed and never removed. The kinds:

    H  header                          api, tag
    F  METHOD path, variant            function, header, number of path arguments, whether it has params
    P  function, place, name, n        C name, kind, target
    B  function                        shape, target
    R  function                        shape, target
    S  struct                          header, Okta's name
    M  struct, JSON name, n            C name, kind, target
    E  enum                            header
    V  enum, text                      constant
    C  struct or function, name, text  constant of a text that became an enum after it was recorded
    N  s or e, api, schema             C name: a hint for positions that are new
    T  typedef                         target, header, Okta's name
    I  function                        struct of an item of its pages
    G  number                          nothing: what follows was added by a later run; the first run has no line
    A  kind and key of an item         what a program can feel of it beyond its C type; the last line counts
    D  kind and key of an item         gone or back: whether a description has it; the last line counts. Behind the
                                       gone of a function may stand the one that its operation has in its place
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

_KEYS = {"H": 1, "F": 2, "P": 4, "B": 1, "R": 1, "S": 1, "M": 3, "E": 1, "V": 2, "C": 3, "N": 3, "T": 1, "I": 1, "G": 1}
_VALUES = {"H": 2, "F": 4, "P": 3, "B": 2, "R": 2, "S": 2, "M": 3, "E": 1, "V": 1, "C": 1, "N": 1, "T": 3, "I": 1, "G": 0}
_HEAD = "# What a program that was compiled against libokta depends on. Written by tools/generate; never edit a line.\n"
_GONE = "gone"
_HEAD_LINES = _HEAD.count("\n")


Key = tuple[str, ...]


class LedgerError(Exception):
    """A ledger that cannot be read, or an item that would change."""


@dataclass(frozen=True)
class StateChange:
    """A line A or D: what it says, and what was said before."""

    kind: str
    of: str
    key: Key
    before: str
    state: str
    version: str
    is_first: bool  # came with the item itself


class Ledger:
    """The items, in the order of the file."""

    def __init__(self, version: str):
        self.version = version
        self._items: dict[tuple[str, Key], Key] = {}
        self._since: dict[tuple[str, Key], str] = {}
        self._generation: dict[tuple[str, Key], int] = {}
        self._generations = 1
        self._grows = False  # whether this run adds to what others wrote, and has not noted it yet
        self._by_kind: dict[str, dict[Key, Key]] = {}
        self._first: dict[tuple[str, str], list[Key]] = {}
        self._states: dict[tuple[str, str, Key], tuple[str, str]] = {}
        self._changes: list[StateChange] = []
        self._lines: list[str] = []
        self._written = 0
        self._touched: set[tuple[str, Key]] = set()
        self._path = ""
        self._line: dict[tuple[str, Key], int] = {}

    # -- the file --

    @staticmethod
    def read(path: str, version: str) -> Ledger:
        """The ledger of a file; an empty one where there is no file."""
        ledger = Ledger(version)
        ledger._path = path
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    if not line.startswith("#"):
                        ledger._read_line(line.rstrip("\n"), f"{path}:{number}")
        ledger._written = len(ledger._lines)
        ledger._grows = bool(ledger._lines)
        return ledger

    def _read_line(self, line: str, where: str) -> None:
        kind, *fields = line.split("\t")
        if kind in ("A", "D") and fields:
            of, *rest = fields
            if len(rest) != _KEYS.get(of, -9) + 2:
                raise LedgerError(f"{where}: not understood")
            self._put_state(kind, of, tuple(rest[:-2]), rest[-2], rest[-1])
            return
        keys = _KEYS.get(kind, -9)
        if len(fields) != keys + _VALUES.get(kind, 0) + 1:
            raise LedgerError(f"{where}: not understood")
        if (kind, tuple(fields[:keys])) in self._items:
            raise LedgerError(f"{where}: is there twice")
        self._put(kind, tuple(fields[:keys]), tuple(fields[keys:-1]), fields[-1])

    def text(self) -> str:
        """The whole file."""
        return _HEAD + "".join(line + "\n" for line in self._lines)

    def added(self) -> list[str]:
        """The lines that were not in the file."""
        return self._lines[self._written:]

    # -- items --

    def get(self, kind: str, *key: str) -> Key | None:
        """The values of an item."""
        return self._items.get((kind, key))

    def since(self, kind: str, *key: str) -> str:
        """The version that has an item first."""
        return self._since[kind, key]

    def where(self, kind: str, *key: str) -> str:
        """Where an item stands, for messages: the file and its line, or this run."""
        return f"{self._path}:{self._line[kind, key]}" if self.is_old(kind, *key) else "this run"

    def is_old(self, kind: str, *key: str) -> bool:
        """Whether an item was recorded before this run, so that programs may be compiled against it."""
        return (kind, key) in self._line and self._line[kind, key] <= self._written + _HEAD_LINES

    def generation(self, kind: str, *key: str) -> int:
        """Which run added an item: 1 for the first. A later one adds members behind a struct that programs have."""
        return self._generation[kind, key]

    def all(self, kind: str) -> Iterator[tuple[Key, Key]]:
        """All items of a kind: key and values."""
        return iter(list(self._by_kind.get(kind, {}).items()))

    def of(self, kind: str, first: str) -> list[tuple[Key, Key]]:
        """The items of a kind whose key begins so."""
        return [(key, self._items[kind, key]) for key in self._first.get((kind, first), ())]

    def put(self, kind: str, key: Key, values: Key) -> None:
        """Records an item, or finds it recorded the same way, and notes that it is in use."""
        recorded = self._items.get((kind, key))
        if recorded is None:
            self._put(kind, key, values, self.version)
        elif recorded != values:
            raise LedgerError(f"{kind} {' '.join(key)}: is {' '.join(recorded)}, and would become {' '.join(values)}")
        self.touch(kind, *key)

    def touch(self, kind: str, *key: str) -> None:
        """Notes that a description has the item."""
        self._touched.add((kind, key))

    def is_touched(self, kind: str, *key: str) -> bool:
        """Whether a description has the item."""
        return (kind, key) in self._touched

    def _put(self, kind: str, key: Key, values: Key, since: str) -> None:
        for field in (*key, *values):
            if "\t" in field or "\n" in field:
                raise LedgerError(f"{kind} {key}: a tab or an end of line in it")
        if self._grows and kind in ("S", "M", "P"):
            self._grows = False
            self._put("G", (str(self._generations + 1),), (), since)
        if kind == "G":
            self._generations += 1
        self._generation[kind, key] = self._generations
        self._items[kind, key] = values
        self._since[kind, key] = since
        self._by_kind.setdefault(kind, {})[key] = values
        self._first.setdefault((kind, key[0]), []).append(key)
        self._lines.append("\t".join((kind, *key, *values, since)))
        self._line[kind, key] = len(self._lines) + _HEAD_LINES

    # -- states --

    def state(self, of: str, *key: str) -> tuple[str, str]:
        """What a program can feel of an item, and since when; empty where nothing was said."""
        return self._states.get(("A", of, key), ("", ""))

    def set_state(self, of: str, key: Key, state: str) -> None:
        """Records what a program can feel of an item."""
        recorded = self._states.get(("A", of, key))
        if (recorded or ("",))[0] != state or recorded is None and state:
            self._put_state("A", of, key, state, self.version)

    def gone_since(self, of: str, *key: str) -> str:
        """The version from which on no description has the item; empty while one has."""
        state, version = self._states.get(("D", of, key), ("", ""))
        return version if state.startswith(_GONE) else ""

    def successor(self, *key: str) -> str:
        """The function that took the place of one that is gone, when it went; empty where none did."""
        return self._states.get(("D", "F", key), ("", ""))[0][len(_GONE):].strip()

    def close(self, successors: dict[str, str]) -> None:
        """Notes what is gone and what is back. `successors`: the function that each operation has, by its key."""
        for kind, whole in (("F", ""), ("S", ""), ("E", ""), ("P", ""), ("M", "S"), ("V", "E")):
            for key, _ in self.all(kind):
                used = (kind, key) in self._touched
                if whole and not used and self.gone_since(whole, key[0]):
                    continue  # gone with all it belongs to
                if bool(self.gone_since(kind, *key)) == used:
                    other = successors.get(key[0], "") if kind == "F" else ""
                    self._put_state("D", kind, key, "back" if used else f"{_GONE} {other}".strip(), self.version)

    def changes(self) -> list[StateChange]:
        """All states, in the order in which they were recorded."""
        return list(self._changes)

    def _put_state(self, kind: str, of: str, key: Key, state: str, version: str) -> None:
        before = self._states.get((kind, of, key))
        is_first = before is None and kind == "A" and self._since.get((of, key), version) == version
        self._changes.append(StateChange(kind, of, key, before[0] if before else "", state, version, is_first))
        self._states[kind, of, key] = (state, version)
        self._lines.append("\t".join((kind, of, *key, state, version)))

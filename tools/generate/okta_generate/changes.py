# SPDX-License-Identifier: Apache-2.0
"""Tells from the ledger what a program can feel of a description that moved, although no type of C changed."""

from __future__ import annotations

from .ledger import Key, Ledger
from .model import Change

_STATES = {"gone": "is in no description any more", "back": "is in a description again"}
_FELT = ("effect", "security", "codes of success")


def tell(ledger: Ledger) -> list[Change]:
    """All changes, in the order of the ledger."""
    return [Change(version, _name(ledger, of, key), _what(kind, of, before, state))
            for kind, of, key, before, state, version in ledger.changes()]


def _name(ledger: Ledger, of: str, key: Key) -> str:
    values = ledger.get(of, *key)
    if of == "F":
        return f"{values[0]}()"
    if of == "M":
        return f"{key[0]}.{values[0]}"
    if of == "P":
        return f"{key[0]}(): {values[0]}"
    return values[0] if of == "V" else key[0]


def _what(kind: str, of: str, before: str, state: str) -> str:
    if kind == "D":
        return _STATES[state]
    if of == "M":
        return "became read-only: it is not sent any more" if state else "is no longer read-only: it is sent"
    felt = [f"{name}: {new}, before {old}" for name, old, new in zip(_FELT, before.split(" "), state.split(" "))
            if old != new]
    return "; ".join(felt)

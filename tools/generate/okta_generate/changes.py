# SPDX-License-Identifier: Apache-2.0
"""Tells from the ledger what a program can feel of a description that moved, although no type of C changed."""

from __future__ import annotations

from . import states
from .ledger import Key, Ledger
from .model import Change

_STATES = {"gone": "is in no description any more", "back": "is in a description again"}
# What of a function's state is told, and how what is not said reads.
_FELT = {"effect": "", "security": "api", "base": "org", "codes": "any of 2xx", "scopes": "none",
         "body types": "application/json", "answer types": "application/json"}
_FLAGS = {
    "read-only": ("became read-only: it is not sent any more", "is no longer read-only: it is sent"),
    "secret": ("became secret: it is redacted", "is no longer secret: it is shown"),
    "required": ("is refused where it is missing", "may be missing: the org decides"),
    "commas": ("is sent as one value with commas", "is sent as a value each"),
}


def tell(ledger: Ledger) -> list[Change]:
    """All changes, in the order of the ledger."""
    told = [Change(version, _name(ledger, of, key), _what(kind, of, before, state))
            for kind, of, key, before, state, version in ledger.changes()]
    return [change for change in told if change.what]


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
    if of == "F":
        return _of_function(states.values(before), states.values(state))
    return "; ".join(gained if flag in state.split() else lost for flag, (gained, lost) in _FLAGS.items()
                     if (flag in state.split()) is not (flag in before.split()))


def _of_function(before: dict, state: dict) -> str:
    return "; ".join(f"{name}: {_said(state, name)}, before {_said(before, name)}" for name in _FELT
                     if _said(state, name) != _said(before, name))


def _said(state: dict, name: str) -> str:
    value = state.get(name, _FELT[name])
    return ", ".join(map(str, value)) if isinstance(value, list) else value

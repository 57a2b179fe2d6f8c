# SPDX-License-Identifier: Apache-2.0
"""Tells from the ledger what a program can feel of a description that moved, although no type of C changed."""

from __future__ import annotations

from collections.abc import Container

from . import states
from .ledger import Key, Ledger, StateChange
from .model import Change

_GONE, _BACK = "is in no description any more", "is in a description again"
# What of a function's state is told, and how what is not said reads.
_FELT = {"effect": "", "security": "api", "base": "org", "codes": "any of 2xx", "scopes": "none",
         "body types": "application/json", "answer types": "application/json"}
_FLAGS = {
    "read-only": ("became read-only: it is not sent any more", "is no longer read-only: it is sent"),
    "secret": ("became secret: it is redacted", "is no longer secret: it is shown"),
    "required": ("is refused where it is missing", "may be missing: the org decides"),
    "commas": ("is sent as one value with commas", "is sent as a value each"),
    states.LATE: ("is required by the org, and may be missing here", "is no longer required by the org"),
}
_FUNCTION_FLAGS = {
    "body late": ("the org requires a body, which may be missing here", "the org no longer requires a body"),
    "answer may be empty": ("the answer may be empty, and the result NULL", "the answer is no longer empty"),
}


def tell(ledger: Ledger) -> list[Change]:
    """All changes, in the order of the ledger."""
    told = [Change(found.version, _name(ledger, found.of, found.key), _what(found)) for found in ledger.changes()]
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


def _what(found: StateChange) -> str:
    if found.kind == "D":
        successor = found.state.partition(" ")[2]
        return f"is not what is described any more: {successor}() is" if successor else \
            _BACK if found.state == "back" else _GONE
    if found.of == "F":
        return "" if found.is_first else _of_function(states.values(found.before), states.values(found.state))
    # What comes as required to what programs have is felt as well.
    flags = {states.LATE: _FLAGS[states.LATE]} if found.is_first else _FLAGS
    return "; ".join(_moved(flags, found.before.split(), found.state.split()))


def _moved(flags: dict[str, tuple[str, str]], before: Container[str], state: Container[str]) -> list[str]:
    return [gained if flag in state else lost for flag, (gained, lost) in flags.items() if (flag in state) is not (flag in before)]


def _of_function(before: dict, state: dict) -> str:
    return "; ".join([*(f"{name}: {_said(state, name)}, before {_said(before, name)}" for name in _FELT
                        if _said(state, name) != _said(before, name)), *_moved(_FUNCTION_FLAGS, before, state)])


def _said(state: dict, name: str) -> str:
    value = state.get(name, _FELT[name])
    return ", ".join(map(str, value)) if isinstance(value, list) else value

# SPDX-License-Identifier: Apache-2.0
"""What descriptions say of values beyond their type: limits, defaults, secrets, required, unique."""

from __future__ import annotations

import json

from .model import Facts, Kind
from .shapes import Alternatives, enum_values, write_only

# Members whose doubling would be a risk: a reader that takes the other one would see another object.
_UNIQUE = frozenset(("id", "status"))
_UNIQUE_OF_KEYS = frozenset(("kid", "kty", "alg", "use", "e", "n", "crv", "x", "y"))

_LIMITS = {"minimum": "minimum", "maximum": "maximum", "minLength": "min_length", "maxLength": "max_length",
           "minItems": "min_items", "maxItems": "max_items"}
_DEFAULTS = {Kind.BOOL: bool, Kind.INT: int, Kind.DOUBLE: (int, float), Kind.STRING: str, Kind.ENUM: str}


def facts(kind: Kind, alternatives: Alternatives) -> Facts:
    """The facts of a value; of those that its alternatives say differently, none."""
    found = Facts()
    atoms = [atom for alternative in alternatives for atom in alternative.atoms]
    formats = {atom.format for atom in atoms if atom.format and " " not in atom.format}
    found.format = formats.pop() if len(formats) == 1 else ""
    found.nullable = any(atom.nullable for atom in atoms)
    found.write_only = write_only(alternatives)
    for key, name in _LIMITS.items():
        limits = {str(atom.limits[key]) for atom in atoms if key in atom.limits}
        setattr(found, name, limits.pop() if len(limits) == 1 else "")
    defaults = [atom.default for atom in atoms if atom.default is not None]
    said = {json.dumps(value, sort_keys=True) for value in defaults}
    if len(said) == 1 and _is_value(kind, defaults[0], alternatives):
        found.default = json.dumps(defaults[0])
    return found


def _is_value(kind: Kind, default: object, alternatives: Alternatives) -> bool:
    """Whether a default is a value of this kind, and no prose."""
    if not isinstance(default, _DEFAULTS.get(kind, ())) or isinstance(default, bool) is not (kind is Kind.BOOL):
        return False
    if kind is Kind.ENUM:
        return all(default in (enum_values(alternative) or ()) for alternative in alternatives)
    return kind is not Kind.STRING or " " not in str(default)


def is_secret(alternatives: Alternatives) -> bool:
    """Whether a value must not be shown: it is only ever written, or the overlay says so."""
    atoms = [atom for alternative in alternatives for atom in alternative.atoms]
    marks = [bool(atom.marks["secret"]) for atom in atoms if "secret" in atom.marks]
    if marks:
        return any(marks)
    return write_only(alternatives) or any(atom.format == "password" for atom in atoms)


def is_required(struct: Alternatives, name: str) -> bool:
    """Whether all alternatives of a struct require a member."""
    return bool(struct) and all(any(name in atom.required for atom in alternative.atoms) for alternative in struct)


def variants(struct: Alternatives, name: str) -> tuple[list[str], bool]:
    """The schemas among a struct's alternatives that have a member which others lack, and whether all of them
    require it. None where one of them has no name."""
    having = [alternative for alternative in struct if any(name in atom.properties for atom in alternative.atoms)]
    found = list(dict.fromkeys(alternative.labels[0].name if alternative.labels else "" for alternative in having))
    if len(having) == len(struct) or "" in found:
        return [], False
    return found, all(any(name in atom.required for atom in alternative.atoms) for alternative in having)


def is_unique(name: str, secret: bool, siblings: list[str]) -> bool:
    """Whether an object that has a member twice is refused."""
    return secret or name in _UNIQUE or name in _UNIQUE_OF_KEYS and "kty" in siblings

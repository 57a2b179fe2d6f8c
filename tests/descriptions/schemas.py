# SPDX-License-Identifier: Apache-2.0
"""Schemas as conjunctions: whether a value fits one by its types and enums, and values that fit."""

from __future__ import annotations


from dataclasses import dataclass, field

from described import Document

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object", list: "array"}
DEPTH = 5  # of the values that are made


def type_of(value: object) -> str:
    return "null" if value is None else _TYPES[type(value)]


def expand(document: Document, flat: list[dict], schemas: list[dict]) -> list[dict]:
    """A conjunction with more schemas, what they refer to and what their allOf has. Siblings of a reference
    count. What is there already is not added again."""
    found = list(flat)
    there = {id(atom) for atom in flat}
    queue = list(schemas)
    while queue:
        schema = queue.pop(0)
        if id(schema) not in there:
            there.add(id(schema))
            found.append(schema)
            base = [document.follow({"$ref": schema["$ref"]})] if "$ref" in schema else []
            queue = base + schema.get("allOf", []) + queue
    return found


def _branches(schema: dict) -> dict[str, dict]:
    """What an atom may be beside itself, by the discriminator's value or a number."""
    mapping = schema.get("discriminator", {}).get("mapping", {})
    if mapping:
        return {value: {"$ref": _reference(target)} for value, target in mapping.items()}
    parts = schema.get("oneOf", []) + schema.get("anyOf", [])
    return {str(number): part for number, part in enumerate(parts)}


def _reference(target: str) -> str:
    return target if target.startswith("#") else "#/components/schemas/" + target


def _undecided(flat: list[dict], decided: set[int] | frozenset[int]) -> dict | None:
    return next((atom for atom in flat if id(atom) not in decided and _branches(atom)), None)


def variants(document: Document, flat: list[dict], decided: frozenset[int] = frozenset()) -> list[list[dict]]:
    """All conjunctions that one stands for, each without a choice."""
    atom = _undecided(flat, decided)
    if atom is None:
        return [flat]
    found = []
    name = atom.get("discriminator", {}).get("propertyName")
    for value, branch in _branches(atom).items():
        told = [{"properties": {name: {"enum": [value]}}}] if name and not value.isdigit() else []
        found += variants(document, expand(document, told + flat, [branch]), decided | {id(atom)})
    return found


def candidates(
    document: Document, flat: list[dict], value: object, decided: frozenset[int] = frozenset()
) -> list[list[dict]]:
    """The variants that a value may be one of. A discriminator chooses; one whose value has no variant, or is
    missing, leaves what all variants share."""
    atom = _undecided(flat, decided)
    if atom is None:
        return [flat]
    branches = _branches(atom)
    name = atom.get("discriminator", {}).get("propertyName")
    if name and "mapping" in atom["discriminator"] and isinstance(value, dict):
        told = value.get(name)
        branches = {told: branches[told]} if isinstance(told, str) and told in branches else {}
    decided = decided | {id(atom)}
    if not branches:
        return candidates(document, flat, value, decided)
    return [
        found
        for branch in branches.values()
        for found in candidates(document, expand(document, flat, [branch]), value, decided)
    ]


def members(flat: list[dict], name: str) -> list[dict]:
    """The schemas of a member, of all atoms that describe it; none: it is not described."""
    return [atom["properties"][name] for atom in flat if name in atom.get("properties", {})]


def items(flat: list[dict]) -> list[dict]:
    return [atom["items"] for atom in flat if "items" in atom]


def entries(flat: list[dict]) -> list[dict] | None:
    """The schemas of an entry that has no description of its own; None: any value may stand there, or none."""
    found = [atom["additionalProperties"] for atom in flat if isinstance(atom.get("additionalProperties"), dict)]
    return [schema for schema in found if schema] or None


@dataclass
class Fit:
    """How a value and a schema get along."""

    problems: list[tuple[str, str]] = field(default_factory=list)  # JSON pointer and reason
    # JSON pointers of members that no schema describes; with a slash at the end where that is what is inside
    undescribed: list[str] = field(default_factory=list)

    def __iadd__(self, other: Fit) -> Fit:
        self.problems += other.problems
        self.undescribed += other.undescribed
        return self


def fit(document: Document, schemas: list[dict], value: object, pointer: str = "") -> Fit:
    """How a value fits the best of the variants."""
    found = [_fit(document, flat, value, pointer) for flat in candidates(document, expand(document, [], schemas), value)]
    return min(found, key=lambda one: (len(one.problems), len(one.undescribed)))


def _fit(document: Document, flat: list[dict], value: object, pointer: str) -> Fit:
    if value is None:
        good = any(atom.get("nullable") for atom in flat) or not _says_type(flat)
        return Fit([] if good else [(pointer, "is null")])
    arrived = type_of(value)
    for declared in sorted({atom["type"] for atom in flat if "type" in atom} or _types_meant(flat)):
        if declared != arrived and (declared, arrived) != ("number", "integer"):
            return Fit([(pointer, f"is of the type {arrived}, not {declared}")])
    if any("enum" in atom and value not in atom["enum"] for atom in flat):
        return Fit([(pointer, "is none of the enum's values")])
    found = Fit()
    if isinstance(value, list):
        found.undescribed += [] if items(flat) else [pointer + "/"]
        for number, inner in enumerate(value):
            found += fit(document, items(flat) or [{}], inner, f"{pointer}/{number}")
    elif isinstance(value, dict):
        for name, inner in value.items():
            found += _fit_member(document, flat, name, inner, pointer + "/" + escaped(name))
    return found


def _fit_member(document: Document, flat: list[dict], name: str, value: object, pointer: str) -> Fit:
    schemas = members(flat, name)
    if schemas:
        return fit(document, schemas, value, pointer)
    found = Fit(undescribed=[pointer])
    if entries(flat):
        found += fit(document, entries(flat) or [], value, pointer)
    return found


def escaped(name: str) -> str:
    """A name in a JSON pointer: RFC 6901."""
    return name.replace("~", "~0").replace("/", "~1")


def _types_meant(flat: list[dict]) -> set[str]:
    """The type that a schema means where it says none."""
    if any("properties" in atom or "additionalProperties" in atom for atom in flat):
        return {"object"}
    return {"array"} if items(flat) else set()


def _says_type(flat: list[dict]) -> bool:
    return any(key in atom for atom in flat for key in ("type", "enum", "properties", "items"))


def instances(document: Document, schemas: list[dict], minimal: bool) -> list[object]:
    """Values of the schemas, one for each variant; with all members, or with the required ones."""
    return [_instance(document, flat, minimal, DEPTH) for flat in variants(document, expand(document, [], schemas))]


def _first(document: Document, schemas: list[dict], minimal: bool, depth: int) -> object:
    decided: set[int] = set()
    flat = expand(document, [], schemas)
    while (atom := _undecided(flat, decided)) is not None:
        flat = expand(document, flat, list(_branches(atom).values())[:1])
        decided.add(id(atom))
    return _instance(document, flat, minimal, depth)


def _instance(document: Document, flat: list[dict], minimal: bool, depth: int) -> object:
    enums = [atom["enum"] for atom in flat if "enum" in atom]
    if enums:
        shared = [v for v in enums[-1] if v is not None and all(v in values for values in enums)]
        return shared[0] if shared else next(v for v in enums[-1] if v is not None)
    types = [atom["type"] for atom in flat if "type" in atom]
    kind = types[-1] if types else next(iter(_types_meant(flat)), "")
    if kind == "object":
        return _object(document, flat, minimal, depth)
    if kind == "array":
        return [_first(document, items(flat), minimal, depth - 1)] if depth > 0 and items(flat) else []
    plain = {"string": "text", "integer": 7, "number": 1.5, "boolean": True}
    return plain.get(kind, "free")


def _object(document: Document, flat: list[dict], minimal: bool, depth: int) -> object:
    found: dict[str, object] = {}
    if depth <= 0:
        return found
    required = {name for atom in flat for name in atom.get("required", [])}
    for atom in flat:
        for name in atom.get("properties", {}):
            if name not in found and (not minimal or name in required):
                found[name] = _first(document, members(flat, name), minimal, depth - 1)
    schemas = entries(flat)
    if schemas and not minimal and not any("properties" in atom for atom in flat):
        found["an entry"] = _first(document, schemas, minimal, depth - 1)
    return found

# SPDX-License-Identifier: Apache-2.0
"""Applies the overlay to the documents: what the descriptions tell wrongly, or do not tell.

An entry names a place in a document and what to change there, and always why:

    - at: management schemas/UserCredentials
      add: {emails: {type: array, items: {type: object}}}
      why: answers have it, the description does not

`at` is an API and a path below `components`, or `operation NAME` or `request METHOD PATH` (its placeholders blanked)
and a path below the operation, or `every NAME`
for all properties of this name, also behind a reference, where nothing else gives them the mark. An object or a
boolean of this name needs an entry of its own that gives it the mark or says why it has none. A list of such places
makes the same change at each. The changes:

    set      keywords of the place get these values
    drop     keywords, or names of properties with `properties/` before them, go away
    add      properties come to an object
    values   texts come to an enum
    mark     goes to `x-libokta`, where the passes look for it: name, secret, effect …
    rename   a component gets another name, and all references to it

An entry that finds nothing to change is an error where the description is the pinned release, and is passed
over where it is another one, which may not have the place yet or any more.
"""

from __future__ import annotations

import copy
import os
import re
from dataclasses import dataclass

from . import yaml12

CHANGES = ("set", "drop", "add", "values", "mark", "rename")
_VALUES = {"set": dict, "drop": list, "add": dict, "values": list, "mark": dict, "rename": str}


class OverlayError(Exception):
    """An entry that is not understood or that hits nothing; the text names file and entry."""


class _NoPlace(Exception):
    """The place is not there, or is as the entry wants it already."""


@dataclass
class Entry:
    """A change at one place."""

    file: str
    number: int
    api: str
    path: str
    change: str
    value: object

    def __str__(self) -> str:
        return f"{self.file}, entry {self.number}: {self.api} {self.path}: {self.change}"


def read(folder: str) -> list[Entry]:
    """The entries of all files of a folder, by name of the file."""
    entries = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".yaml") and name != "descriptions.yaml":
            entries += _read_file(os.path.join(folder, name), name)
    return entries


def _read_file(path: str, name: str) -> list[Entry]:
    rows = yaml12.read(path) or []
    if not isinstance(rows, list):
        raise OverlayError(f"{name}: is no list of entries")
    entries = []
    for number, row in enumerate(rows, 1):
        where = f"{name}, entry {number}"
        if not isinstance(row, dict):
            raise OverlayError(f"{where}: is no object")
        changes = [key for key in row if key in CHANGES]
        if set(row) - {"at", "why", *CHANGES} or not changes or not row.get("why") or "at" not in row:
            raise OverlayError(f"{where}: wants `at`, `why` and one of {', '.join(CHANGES)}")
        for change in changes:
            if not isinstance(row[change], _VALUES[change]):
                raise OverlayError(f"{where}: {change} has a value of another type than it takes")
        for place in row["at"] if isinstance(row["at"], list) else [row["at"]]:
            if not isinstance(place, str):
                raise OverlayError(f"{where}: `at` is no text")
            api, _, rest = place.partition(" ")
            entries += [Entry(name, number, api, rest, change, row[change]) for change in changes]
    return entries


def apply(entries: list[Entry], documents: dict[str, dict], pinned: set[str]) -> list[str]:
    """Changes the documents. Returns the entries that found nothing in documents that are not pinned."""
    missed = []
    for entry in sorted(entries, key=_order):
        if entry.api not in documents:
            raise OverlayError(f"{entry}: there is no such API")
        try:
            _apply(entry, documents[entry.api])
        except _NoPlace as error:
            if entry.api in pinned:
                raise OverlayError(f"{entry}: {error}") from None
            missed.append(f"{entry}: {error}")
    return missed


def _order(entry: Entry) -> int:
    """Names first, then what is added, then changes of that, and what only fills gaps last."""
    if entry.path.startswith("every "):
        return 3
    return {"rename": 0, "add": 1}.get(entry.change, 2)


def _every(document: dict, name: str) -> dict[str, dict]:
    """All properties of a name, by where they stand."""
    found: dict[str, dict] = {}

    def walk(node: object, path: str) -> None:
        if isinstance(node, dict):
            properties = node.get("properties")
            if isinstance(properties, dict) and isinstance(properties.get(name), dict):
                found[f"{path}/properties/{name}"] = properties[name]
            for key, item in node.items():
                walk(item, f"{path}/{key}")
        elif isinstance(node, list):
            for number, item in enumerate(node):
                walk(item, f"{path}/{number}")

    walk(document["components"].get("schemas", {}), "schemas")
    walk(document["paths"], "paths")
    return found


def _is_value(document: dict, schema: object, around: tuple[str, ...] = ()) -> bool:
    """Whether a schema is a text, a number, a list of them, or of no type, and so can be a value to mark by its name."""
    if not isinstance(schema, dict):
        return True
    if "$ref" in schema:
        target = schema["$ref"].rsplit("/", 1)[-1]
        return target in around or \
            _is_value(document, document["components"].get("schemas", {}).get(target), (*around, target))
    if schema.get("type") in ("object", "boolean") or "properties" in schema:
        return False
    parts = [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, ())]
    return all(_is_value(document, part, around) for part in [schema.get("items"), *parts])


def _mark_every(document: dict, name: str, value: dict) -> None:
    places = {path: place for path, place in _every(document, name).items()
              if not set(value) & set(place.get("x-libokta", {}))}
    marked = [path for path, place in places.items() if _is_value(document, place)]
    if not marked:
        raise _NoPlace("no property has this name")
    for path in marked:
        _mark(places[path], value)
    skipped = sorted(set(places) - set(marked))
    if skipped:
        raise _NoPlace(f"skips {', '.join(skipped)}, where no text or number stands: give each an entry of its own")


def _find(document: dict, path: str) -> dict:
    if path.startswith("operation "):
        name, _, rest = path[len("operation "):].partition(" ")
        found = [item[method] for item in document["paths"].values() for method in item
                 if isinstance(item[method], dict) and item[method].get("operationId") == name]
        if len(found) != 1:
            raise _NoPlace(f"{len(found)} operations have this name")
        return _below(found[0], rest)
    if path.startswith("request "):
        _, method, template, *rest = path.split(" ", 3)
        found = [item[method.lower()] for place, item in document["paths"].items()
                 if re.sub(r"\{[^{}]*\}", "{}", place) == template and method.lower() in item]
        if not found:
            raise _NoPlace("no operation has this method and path")
        return _below(found[0], " ".join(rest))
    return _below(document["components"], path)


def _below(node: object, path: str) -> dict:
    """Follows a path; a part may hold slashes as `~1`."""
    for part in path.split("/") if path else []:
        key = part.replace("~1", "/")
        if isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, list) and any(isinstance(item, dict) and item.get("name") == key for item in node):
            node = next(item for item in node if item.get("name") == key)
        elif isinstance(node, dict) and key in node:
            node = node[key]
        else:
            raise _NoPlace(f"there is no {key!r}")
    if not isinstance(node, dict):
        raise _NoPlace("the place is no object")
    return node


def _apply(entry: Entry, document: dict) -> None:
    if entry.change == "rename":
        _rename(document, entry.path, str(entry.value))
        return
    if entry.path.startswith("every "):
        if entry.change != "mark":
            raise _NoPlace("the change is no mark")
        _mark_every(document, entry.path[len("every "):], entry.value)
        return
    place = _find(document, entry.path)
    {"set": _set, "drop": _drop, "add": _add, "values": _values, "mark": _mark}[entry.change](place, entry.value)


def _set(place: dict, value: dict) -> None:
    if all(key in place and place[key] == item for key, item in value.items()):
        raise _NoPlace("all is so already")
    place.update(copy.deepcopy(value))


def _drop(place: dict, value: list) -> None:
    for key in value:
        target, name = (place.get("properties", {}), key[len("properties/"):]) \
            if key.startswith("properties/") else (place, key)
        if name not in target:
            raise _NoPlace(f"there is no {key!r}")
        del target[name]


def _add(place: dict, value: dict) -> None:
    properties = place.setdefault("properties", {})
    for key, item in value.items():
        if key in properties:
            raise _NoPlace(f"the property {key!r} is there already")
        properties[key] = copy.deepcopy(item)  # later entries may mark it here and not elsewhere


def _values(place: dict, value: list) -> None:
    if "enum" not in place:
        raise _NoPlace("the place is no enum")
    for item in value:
        if item in place["enum"]:
            raise _NoPlace(f"the value {item!r} is there already")
        place["enum"].append(item)


def _mark(place: dict, value: dict) -> None:
    marks = place.setdefault("x-libokta", {})
    for key, item in value.items():
        if key in marks:
            raise _NoPlace(f"the mark {key!r} is there already")
        marks[key] = item


def _rename(document: dict, path: str, name: str) -> None:
    kind, _, old = path.partition("/")
    components = document["components"].get(kind, {})
    if old not in components:
        raise _NoPlace(f"there is no {old!r}")
    if name in components:
        raise _NoPlace(f"{name!r} is there already")
    document["components"][kind] = {name if key == old else key: item for key, item in components.items()}
    _replace(document, f"#/components/{kind}/{old}", f"#/components/{kind}/{name}")


def _replace(node: object, old: str, new: str) -> None:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in list(children):
        if item == old:
            node[key] = new
        else:
            _replace(item, old, new)

# SPDX-License-Identifier: Apache-2.0
"""tests/mock_org/place_table.c: where the stand-in org keeps objects, and how they come there.

A place is the end of a path at a placeholder, as in `/api/v1/groups/*`. mock_operation.h tells the form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from okta_generate.model import Effect, Function, Kind, Library, Result, ResultShape, Struct

from . import symbols

PATH = "tests/mock_org/place_table.c"

# Ids that every org has from the start.
_KNOWN = {
    "/api/v1/authorizationServers/*": "default",
    "/api/v1/users/*": "me",
}

# What no operation tells: a name in a path that is also that of another collection, objects that Okta makes.
_HOW = {
    "/api/v1/apps/*/*": "any",  # {appName}/{appId} of the callback of a provisioning connection
}

# The member with the id, where its name does not tell. Behind a dot: inside it.
_ID_MEMBERS = {
    "/api/v1/authenticators/*/methods/*": "type",
    "/api/v1/iam/roles/*/permissions/*": "label",
    "/api/v1/identity-sources/*/groups/*/membership/*": "memberExternalId",
    "/api/v1/identity-sources/*/users/*": "externalId",
    "/api/v1/meta/schemas/user/linkedObjects/*": "primary.name",
}

# Whose objects are assigned by their id, by the name of the placeholder.
_REFERENCES = {
    "appId": "/api/v1/apps/*", "groupId": "/api/v1/groups/*", "targetGroupId": "/api/v1/groups/*",
    "policyId": "/api/v1/policies/*", "userId": "/api/v1/users/*", "primaryUserId": "/api/v1/users/*",
}  # fmt: skip


@dataclass
class StorePlace:
    """One of them."""

    path: str
    placeholder: str
    how: str = "any"
    struct: str = ""  # of an object; "" where none is described
    id_member: str = ""
    known: str = ""
    refers: str = ""
    texts: list[str] = field(default_factory=list)  # of an enum: the ids


def operations(library: Library) -> list[Function]:
    """One function an operation."""
    return list(symbols.that_count(library, lambda function: (function.method, function.path)).values())


def blanked(path: str) -> str:
    """A path with `*` for each placeholder."""
    return re.sub(r"\{[^}]*\}", "*", path)


def real(library: Library, name: str) -> str:
    """The struct behind a typedef."""
    return library.typedefs[name].target if name in library.typedefs else name


def list_member(struct: Struct, named: str = "") -> tuple[Kind, str] | None:
    """Kind and struct of the list that an answer holds: the named one, or the only list of objects or strings."""
    lists = [m for m in struct.members if m.kind in (Kind.OBJECTS, Kind.STRINGS) and named in ("", m.json)]
    return (lists[0].kind, lists[0].target) if len(lists) == 1 else None


class Places:
    """All places of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._functions = {(row.method, blanked(row.path)): row for row in operations(library)}

    def all(self) -> list[StorePlace]:
        """In the order of their paths, as strcmp() has it."""
        found: dict[str, StorePlace] = {}
        for function in self._functions.values():
            segments = function.path.split("/")
            for at, parameter in zip(_placeholders(segments), function.path_parameters, strict=True):
                path = blanked("/".join(segments[: at + 1]))
                if path not in found:
                    place = found[path] = StorePlace(path, segments[at].strip("{}"))
                    if parameter.kind is Kind.ENUM:
                        place.texts = [value.text for value in self._library.enums[parameter.target].values]
        for place in found.values():
            self._fill(place)
        return [found[path] for path in sorted(found, key=lambda path: path.encode())]

    def _fill(self, place: StorePlace) -> None:
        place.how = self._how(place)
        place.struct = self._struct(place.path, place.placeholder)
        place.id_member = _ID_MEMBERS.get(place.path) or self._id_member(place)
        place.known = _KNOWN.get(place.path, "")
        place.refers = _REFERENCES.get(place.placeholder, "") if place.how == "assigned" else ""

    def _how(self, place: StorePlace) -> str:
        collection = place.path.rpartition("/")[0]
        create = self._functions.get(("POST", collection))
        put = self._functions.get(("PUT", place.path))
        if place.path in _HOW:
            return _HOW[place.path]
        if place.texts:
            return "enum"
        if create is not None and create.effect is Effect.CREATE:
            return "made"
        if put is not None and (put.body is None or not put.body.required):
            return "assigned"
        return "found" if self._element(collection) is not None else "any"

    def _element(self, collection: str) -> tuple[Kind, str] | None:
        """What the list at a path holds; None where no list is there."""
        function = self._functions.get(("GET", collection))
        if function is None:
            return None
        result = function.result
        if result.shape in (ResultShape.LIST, ResultShape.STRINGS):
            return (Kind.STRINGS if result.shape is ResultShape.STRINGS else Kind.OBJECTS), self._target(result)
        struct = self._library.structs.get(self._target(result)) if result.shape is ResultShape.STRUCT else None
        if struct is None or self._has(struct.c_name, ("id",)):
            return None
        return list_member(struct, function.paging.items if function.paging is not None else "")

    def _struct(self, path: str, placeholder: str) -> str:
        """The struct of an object: what reading, listing, replacing or creating it answers."""
        collection = path.rpartition("/")[0]
        read = self._functions.get(("GET", path))
        element = self._element(collection)
        listed = element[1] if element is not None and element[0] is Kind.OBJECTS else ""
        if read is not None and read.result.shape is ResultShape.STRUCT:
            # What is listed is more than what is read where only the former has an id.
            names = ("id", placeholder)
            target = self._target(read.result)
            return listed if self._has(listed, names) and not self._has(target, names) else target
        if listed:
            return listed
        for key in (("PUT", path), ("PATCH", path), ("POST", path), ("POST", collection)):
            function = self._functions.get(key)
            if function is not None and function.result.shape is ResultShape.STRUCT:
                return self._target(function.result)
        return ""

    def _target(self, result: Result) -> str:
        return real(self._library, result.target)

    def _has(self, name: str, members: tuple[str, ...]) -> bool:
        struct = self._library.structs.get(name)
        return struct is not None and any(member.json in members for member in struct.members)

    def _id_member(self, place: StorePlace) -> str:
        struct = self._library.structs.get(place.struct)
        names = [member.json for member in struct.members if member.kind in (Kind.STRING, Kind.ENUM)] if struct else []
        snake = re.sub("([A-Z])", lambda match: "_" + match[1].lower(), place.placeholder)
        for name in ("id", place.placeholder, snake, "kid", "name"):
            if name in names:
                return name
        return ""


def _placeholders(segments: list[str]) -> list[int]:
    return [at for at, segment in enumerate(segments) if segment.startswith("{")]

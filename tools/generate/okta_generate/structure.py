# SPDX-License-Identifier: Apache-2.0
"""Holds a description against the shape that the passes rely on: what is an object, a list, a text, and what must be there.

The check runs before the overlay and again before the description is read, so that neither meets a value of another
type than it expects. A place is a JSON pointer behind `#`, as in a `$ref`. Keywords that are in no table are left to the
reader, which stops on those that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MARKS = "x-libokta"  # the keyword of the overlay
_DEEPEST = 100  # objects and lists inside each other


class DescriptionError(Exception):
    """A construct that is not understood; the text names the description and the place in it."""


def fault(api: str, where: str, what: str) -> DescriptionError:
    """What is wrong at a place."""
    return DescriptionError(f"{api}: {where}: {what}")


def below(where: str, *parts: object) -> str:
    """The place of something inside another."""
    return where + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@dataclass(frozen=True)
class _Object:
    """An object: the shapes of members, by name of the shape. `rest`: the shape of all others, "" where any value may come."""

    members: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True)
class _List:
    items: str


_LEAVES = {"text": (str, "a text"), "flag": (bool, "true or false"), "number": ((int, float), "a number"),
           "version": ((str, int, float), "a text or a number"), "values": (list, "a list"), "marks": (dict, "an object")}
_REFERENCE = {"$ref": "text"}
_METHODS = ("get", "post", "put", "patch", "delete")

_SHAPES: dict[str, _Object | _List] = {
    "document": _Object({"openapi": "version", "info": "info", "paths": "paths", "components": "components"},
                        ("openapi", "info", "paths", "components")),
    "info": _Object({"version": "version"}, ("version",)),
    "components": _Object({"schemas": "schemas", "parameters": "parameters", "responses": "responses",
                           "requestBodies": "bodies"}),
    "paths": _Object(rest="path"),
    "path": _Object({"parameters": "parameter list", **dict.fromkeys(_METHODS, "operation")}),
    "operation": _Object({"operationId": "text", "tags": "texts", "responses": "responses", "parameters": "parameter list",
                          "requestBody": "body", "security": "security list", "servers": "server list", "deprecated": "flag",
                          MARKS: "marks"}, ("operationId", "tags", "responses")),
    "security list": _List("security"),
    "security": _Object(rest="texts"),
    "server list": _List("server"),
    "server": _Object({"url": "text"}, ("url",)),
    "parameters": _Object(rest="parameter"),
    "parameter list": _List("parameter"),
    "parameter": _Object({**_REFERENCE, "name": "text", "in": "text", "schema": "schema", "required": "flag", "explode": "flag",
                          "style": "text", "allowReserved": "flag", "deprecated": "flag"}),
    "bodies": _Object(rest="body"),
    "body": _Object({**_REFERENCE, "content": "content", "required": "flag"}),
    "responses": _Object(rest="response"),
    "response": _Object({**_REFERENCE, "content": "content", "headers": "headers"}),
    "headers": _Object(),
    "content": _Object(rest="media"),
    "media": _Object({"schema": "schema"}),
    "schemas": _Object(rest="schema"),
    "schema list": _List("schema"),
    "schema": _Object({**_REFERENCE, "type": "text", "format": "text", "enum": "values", "required": "texts",
                       "properties": "schemas", "items": "schema", "additionalProperties": "rest",  # true, false or a schema
                      
                       "discriminator": "discriminator", MARKS: "marks",
                       **dict.fromkeys(("allOf", "oneOf", "anyOf"), "schema list"),
                       **dict.fromkeys(("readOnly", "writeOnly", "nullable", "deprecated", "x-okta-extensible"), "flag"),
                       **dict.fromkeys(("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"), "number")}),
    "discriminator": _Object({"propertyName": "text", "mapping": "mapping"}, ("propertyName",)),
    "mapping": _Object(rest="text"),
    "texts": _List("text"),
}


def check(api: str, document: object, marked: bool = True) -> None:
    """Stops at the first value of another shape. `marked`: whether the overlay has put its marks there already."""
    if document is None:
        raise fault(api, "#", "the document is empty")
    _Check(api, marked).value("document", document, "#", 0)


class _Check:
    def __init__(self, api: str, marked: bool):
        self.api = api
        self.marked = marked

    def value(self, shape: str, value: object, where: str, depth: int) -> None:
        if depth == _DEEPEST:
            raise fault(self.api, where, f"is deeper than {_DEEPEST} objects and lists")
        if shape == "rest":
            if isinstance(value, bool):
                return
            shape = "schema"
        if shape in _LEAVES:
            self._leaf(shape, value, where)
        elif isinstance(_SHAPES[shape], _List):
            self._list(_SHAPES[shape], value, where, depth)
        else:
            self._object(_SHAPES[shape], value, where, depth)

    def _leaf(self, shape: str, value: object, where: str) -> None:
        kind, called = _LEAVES[shape]
        if not isinstance(value, kind) or isinstance(value, bool) and kind is not bool:
            raise fault(self.api, where, f"{_called(value)} where {called} is due")

    def _list(self, shape: _List, value: object, where: str, depth: int) -> None:
        if not isinstance(value, list):
            raise fault(self.api, where, f"{_called(value)} where a list is due")
        for at, item in enumerate(value):
            self.value(shape.items, item, below(where, at), depth + 1)

    def _object(self, shape: _Object, value: object, where: str, depth: int) -> None:
        if not isinstance(value, dict):
            raise fault(self.api, where, f"{_called(value)} where an object is due")
        for key in shape.needs:
            if key not in value:
                raise fault(self.api, where, f"{key} is missing")
        for key, item in value.items():
            if key == MARKS and key in shape.members and not self.marked:
                raise fault(self.api, where, f"the keyword {key} is that of the overlay")
            inner = shape.members.get(key, shape.rest)
            if inner:
                self.value(inner, item, below(where, key), depth + 1)


def _called(value: object) -> str:
    """What a value is, in words."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
